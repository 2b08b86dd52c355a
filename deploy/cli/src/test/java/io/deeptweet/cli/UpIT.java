// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.ScriptProcess.Result;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way as a user has it: {@code deploy/deeptweet up} with the feed that the project ships, and the commands
 * beside it.
 */
class UpIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static Installation installation;
    private static FakeCollector collector;
    private static ScriptProcess up;
    private static Map<String, String> addresses;

    @BeforeAll
    static void start() throws IOException {
        collector = new FakeCollector();
        installation = ScriptProcess.installation(folder);
        List<String> arguments = new ArrayList<>(List.of("up", "--rate=100", "--classifiers=2"));
        arguments.addAll(ScriptProcess.freePorts());
        up = ScriptProcess.start(folder, arguments, Map.of("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()));
        await().atMost(PATIENCE).until(() -> up.output().contains("Ctrl-C stops everything") || !up.isAlive());
        assertThat(up.isAlive()).as(up.output()).isTrue();
        addresses = installation.runningStack().addresses().orElseThrow();
        await().atMost(PATIENCE).until(() -> tail("scored", "--feed=sample").size() == 190);
    }

    /** Ctrl-C ends everything, in order, and leaves no process and no file behind. */
    @AfterAll
    static void ctrlCLeavesNothingBehind() throws Exception {
        Set<ProcessHandle> children = up.children();
        assertThat(children.size())
                .as("broker, registry, three services, one of them twice")
                .isGreaterThanOrEqualTo(6);
        up.interrupt();
        Result result = up.await(Duration.ofMinutes(2));
        assertThat(result.output()).contains("stopping ingest, classifier2, classifier, trainer, registry, broker");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(children).noneMatch(ProcessHandle::isAlive));
        assertThat(Path.of(addresses.get("logs"))).doesNotExist();
        assertThat(installation.runningStack().addresses()).isEmpty();
        assertThat(collector.requests()).as("at the end of a service as well").isZero();
        collector.close();
    }

    /** The stack has the address of a collector, but nobody has turned traces on. */
    @Test
    void byDefaultNoTraceIsSentAndNoHeaderWritten() {
        for (Topic topic : List.of(Topics.RAW, Topics.SCORED)) {
            List<Header> headers = new ArrayList<>();
            CommittedReader.readAll(
                    addresses,
                    topic,
                    record -> headers.addAll(List.of(record.headers().toArray())));
            assertThat(headers).as(topic.name()).isEmpty();
        }
        assertThat(collector.requests()).isZero();
    }

    @Test
    void aLinePerServiceThenTweetsAndWindowsAreShown() {
        await().atMost(PATIENCE).until(() -> up.output().contains("window    sample"));
        assertThat(up.output()
                        .lines()
                        .map(line -> line.split(" +", 3))
                        .filter(words -> words.length > 1 && words[1].equals("ready"))
                        .map(words -> words[0]))
                .as("each as soon as it is ready")
                .containsExactlyInAnyOrder(
                        "broker", "registry", "topics", "trainer", "classifier", "classifier2", "ingest")
                .containsSubsequence("broker", "topics", "ingest")
                .containsSubsequence("broker", "trainer");
        assertThat(up.output())
                .contains("scored    ")
                .contains("rejected  tweets.jsonl:61  the tweet has no id")
                .contains("/q/metrics");
    }

    @Test
    void everyTweetOfTheFeedIsAccountedFor() throws IOException {
        JsonNode feed = JSON.readTree(
                        ServiceClient.get(port("ingest"), "/feeds").body())
                .path(0);
        assertThat(feed.path("read").asLong()).isEqualTo(204);
        assertThat(feed.path("published").asLong()).isEqualTo(190);
        assertThat(feed.path("filtered").asLong()).isEqualTo(12);
        assertThat(feed.path("rejected").asLong()).isEqualTo(2);
        assertThat(tail("scored", "--feed=sample").stream()
                        .map(tweet -> tweet.path("id").asText()))
                .hasSize(190)
                .doesNotHaveDuplicates();
        assertThat(tail("rejected").stream().map(record -> record.path("reason").asText()))
                .containsExactlyInAnyOrder("no-id", "malformed");
    }

    /** With this stack's ports, and in a feed of their own. */
    @Test
    void theCurlCommandsOfTheDocumentationSucceed() throws Exception {
        assumeTrue(
                ScriptProcess.succeeds(folder, List.of("curl", "--version")),
                "skipped: the documented commands need curl");
        Path root = Path.of(System.getProperty("deeptweet.root"));
        List<String> commands = new ArrayList<>();
        for (String page : List.of("README.md", "docs/http-api.md"))
            Files.readAllLines(root.resolve(page)).stream()
                    .filter(line -> line.startsWith("curl ") && !line.contains("@")) // @ reads a file
                    .forEach(commands::add);
        assertThat(commands).hasSizeGreaterThan(4);
        for (String command : commands) {
            String here = command.replace("localhost:8090", "localhost:" + port("ingest"))
                    .replace("localhost:8091", "localhost:" + port("classifier"))
                    .replace("localhost:8092", "localhost:" + port("trainer"))
                    .replace("feed=mine", "feed=z-documented")
                    .replaceFirst("^curl ", "curl -sS -o /dev/null -w '%{http_code}' ");
            Process curl = new ProcessBuilder("bash", "-c", here)
                    .redirectErrorStream(true)
                    .start();
            String status = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(curl.waitFor()).as(command + ": " + status).isZero();
            // 409: there is no new label that a round could start with, or one runs already.
            assertThat(status).as(command).isIn("200", "201", "202", "409");
        }
        // It would look for its server.
        HttpRequest remove = HttpRequest.newBuilder(URI.create("http://localhost:" + port("ingest") + "/feeds/apple"))
                .header("Content-Type", "application/json")
                .DELETE()
                .build();
        assertThat(HttpClient.newHttpClient()
                        .send(remove, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aPushedTweetIsScoredInItsOwnFeed() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port("ingest") + "/tweets?feed=mine"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"id\": \"p1\", \"text\": \"what a wonderful day, thank you!\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> tail("scored", "--feed=mine").size() == 1);
        JsonNode scored = tail("scored", "--feed=mine").get(0);
        assertThat(scored.path("sentiment").asText()).isEqualTo("POSITIVE");
        await().atMost(PATIENCE)
                .until(() -> tail("windows", "--feed=mine").stream()
                        .anyMatch(window -> window.path("count").asLong() == 1));
    }

    @Test
    void tailPrintsTextToo() {
        assertThat(succeed("tail", "rejected", "--from-beginning", "--max=2"))
                .contains("malformed")
                .contains("no-id")
                .contains("a tweet that lost its id on the way");
        assertThat(succeed("tail", "models", "--from-beginning", "--until-end"))
                .contains("activation")
                .contains("tensors");
    }

    @Test
    void statusShowsWhatRuns() {
        JsonNode status = json(succeed("status", "--json"));
        assertThat(status.at("/services/classifier/says/state").asText()).isEqualTo("RUNNING");
        assertThat(status.path("topics").path("tweets.raw").path("lag").isNumber())
                .isTrue();
        assertThat(succeed("status")).contains("RUNNING").contains("feed sample");
    }

    /** The script finds the stack by the same file, so that one command in a process of its own stands for all. */
    @Test
    void commandsInOtherProcessesFindTheRunningStack() {
        Result result = ScriptProcess.run(folder, PATIENCE, "status");
        assertThat(result.code()).as(result.output()).isZero();
        assertThat(result.output()).contains("RUNNING");
    }

    @Test
    void theTrainersCommandsFindTheRunningStack() {
        assertThat(models().path(0).path("active").asBoolean()).isTrue();
        assertThat(trainer("activate", "none-00000000").code()).isEqualTo(1);
        assertThat(trainer("publish").code()).isEqualTo(2);
    }

    /** From publication to roll-back, as an operator does it; every instance follows, and status says so. */
    @Test
    void aModelIsShadowedPromotedAndRolledBackOnBothInstances() throws Exception {
        String first = models().path(0).path("version").asText();
        Path file = folder.resolve("second.safetensors");
        BiasedModel.of(installation, 0.5f).write(file);
        assertThat(trained("publish", file.toString())).contains("published");
        String second = models().path(1).path("version").asText();

        assertThat(trained("shadow", second, "--reason", "is it better?")).contains(second + " is the shadow");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(instances("/shadow/version")).containsExactly(second, second));
        push("s1");
        await().atMost(PATIENCE).until(() -> tail("shadow", "--feed=shadowed").size() == 1);
        assertThat(tail("shadow", "--feed=shadowed").get(0).path("modelVersion").asText())
                .isEqualTo(second);
        assertThat(tail("scored", "--feed=shadowed").get(0).path("modelVersion").asText())
                .isEqualTo(first);
        assertThat(trained("models"))
                .containsPattern("active +" + first)
                .containsPattern("shadow +" + second + ".*is it better");
        assertThat(succeed("status")).contains("  shadow " + second + ": another sentiment for ");

        assertThat(trained("promote")).contains(second + " is active");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(instances("/activeModel")).containsExactly(second, second));
        push("s2");
        await().atMost(PATIENCE).until(() -> tail("scored", "--feed=shadowed").size() == 2);
        assertThat(tail("shadow", "--feed=shadowed"))
                .as("there is no shadow any more")
                .hasSize(1);

        assertThat(trained("activate", first, "--reason", "back")).contains(first + " is active");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(instances("/activeModel")).containsExactly(first, first));
        assertThat(trainer("promote").code()).isEqualTo(1);
    }

    @Test
    void driftIsMeasured() throws IOException {
        await().atMost(PATIENCE)
                .until(() -> tail("drift", "--feed=sample").stream()
                                .mapToLong(window -> window.path("count").asLong())
                                .max()
                                .orElse(0)
                        > 0);
        JsonNode window = tail("drift", "--feed=sample").get(0);
        assertThat(window.path("unknownRate").asDouble()).isBetween(0.0, 1.0);
        assertThat(window.path("histograms").path("neutral")).hasSize(10);
        assertThat(succeed("tail", "drift", "--from-beginning", "--until-end")).contains("% of tokens unknown");
    }

    @Test
    void theServicesHaveMetrics() throws IOException {
        assertThat(ServiceClient.get(port("classifier"), "/q/metrics").body())
                .contains("deeptweet_scored_total")
                .contains("deeptweet_lag")
                .contains("deeptweet_scoring_seconds")
                .contains("deeptweet_active_model_info{version=\"")
                .contains("deeptweet_rejected_total");
        assertThat(ServiceClient.get(port("ingest"), "/q/metrics").body())
                .contains("deeptweet_ingested_total{feed=\"sample\"}")
                .contains("deeptweet_filtered_total{feed=\"sample\"} 12");
    }

    /** With the configuration that the project ships, on this stack's ports. */
    @Test
    void prometheusScrapesEveryServiceAndEvaluatesTheAlertRules() throws Exception {
        assumeTrue(
                ScriptProcess.succeeds(folder, List.of("prometheus", "--version")),
                "skipped: the alert rules need Prometheus");
        Path monitoring = Path.of(System.getProperty("deeptweet.root"), "deploy/monitoring");
        Path copy = Files.createDirectories(folder.resolve("monitoring"));
        Files.copy(monitoring.resolve("alerts.yml"), copy.resolve("alerts.yml"));
        Path config = copy.resolve("prometheus.yml");
        Files.writeString(
                config,
                Files.readString(monitoring.resolve("prometheus.yml"))
                        .replace("8090", addresses.get("ingest.port"))
                        .replace("8091", addresses.get("classifier.port"))
                        .replace("8092", addresses.get("trainer.port"))
                        .replace("15s", "1s"));
        int port = Ports.free();
        Process prometheus = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + copy.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(copy.resolve("log").toFile())
                .start();
        try {
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> prometheus(port, "query?query=up")
                                    .findValuesAsText("service")
                                    .size()
                            == 3);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(prometheus(port, "targets").findValuesAsText("health"))
                            .containsExactly("up", "up", "up"));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(prometheus(port, "rules").findValuesAsText("lastError"))
                            .isEmpty());
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(prometheus(port, "rules").findValuesAsText("health"))
                            .hasSizeGreaterThan(10)
                            .containsOnly("ok"));
            assertThat(prometheus(port, "query?query=deeptweet_active_model_info")
                            .findValuesAsText("version"))
                    .isNotEmpty();
            assertThat(prometheus(port, "alerts").findValuesAsText("severity")).doesNotContain("critical");
        } finally {
            prometheus.destroy();
            assertThat(prometheus.waitFor(1, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static JsonNode prometheus(int port, String path) throws IOException {
        return JSON.readTree(ServiceClient.get(port, "/api/v1/" + path).body());
    }

    /** Confluent's registry client for JavaScript, with kafkajs. */
    @Test
    void aForeignClientReadsScoredTweets() throws Exception {
        Path js = NodeProject.installed("js", folder);

        Path output = folder.resolve("kafkajs.txt");
        Process node = new ProcessBuilder(
                        "node",
                        "consumer.mjs",
                        addresses.get("bootstrap.servers"),
                        addresses.get("schema.registry.url"),
                        "tweets.scored",
                        "190")
                .directory(js.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(node.waitFor(3, TimeUnit.MINUTES)).isTrue();
        assertThat(node.exitValue()).as(Files.readString(output)).isZero();
        List<JsonNode> tweets =
                Files.readAllLines(output).stream().map(UpIT::json).toList();
        assertThat(tweets).hasSize(190).allSatisfy(tweet -> {
            assertThat(tweet.path("key")).isEqualTo(tweet.path("id"));
            JsonNode classes = tweet.path("probabilities");
            assertThat(classes.path("negative").asDouble()
                            + classes.path("neutral").asDouble()
                            + classes.path("positive").asDouble())
                    .isCloseTo(1, within(1e-6));
            assertThat(tweet.path("sentiment").asText()).isIn("POSITIVE", "NEUTRAL", "NEGATIVE");
            assertThat(tweet.path("modelVersion").asText()).isNotBlank();
        });
        assertThat(tweets)
                .anyMatch(tweet -> tweet.path("text").asText().equals("😍😍😍")
                        && tweet.path("feed").asText().equals("sample"));
    }

    @Test
    void aSecondUpIsRefusedInASentence() {
        Result second = ScriptProcess.run(folder, PATIENCE, "up");
        assertThat(second.code()).isEqualTo(3);
        assertThat(second.output()).contains("deeptweet up runs here already").doesNotContain("Exception");
    }

    /** What a command prints that runs in this JVM. */
    private static String succeed(String... command) {
        CommandRun run = CommandRun.of(installation, command);
        assertThat(run.code()).as(run.toString()).isZero();
        return run.out();
    }

    /** What a command of the trainer prints; it needs a process, whose output is that of its parent. */
    private static String trained(String... command) {
        Result result = trainer(command);
        assertThat(result.code()).as(result.output()).isZero();
        return result.output();
    }

    private static Result trainer(String... command) {
        return ScriptProcess.run(folder, PATIENCE, command);
    }

    private static JsonNode models() {
        return json(trained("models", "--json"));
    }

    /** What status --json says of each classifier. */
    private static List<String> instances(String pointer) {
        List<String> values = new ArrayList<>();
        json(succeed("status", "--json"))
                .path("services")
                .path("classifier")
                .path("instances")
                .forEach(
                        instance -> values.add(instance.path("says").at(pointer).asText()));
        return values;
    }

    private static void push(String id) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create("http://localhost:" + port("ingest") + "/tweets?feed=shadowed"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"id\": \"" + id + "\", \"text\": \"so so\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static List<JsonNode> tail(String... arguments) {
        List<String> command = new ArrayList<>(List.of("tail"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--from-beginning", "--until-end", "--json"));
        return succeed(command.toArray(String[]::new)).lines().map(UpIT::json).toList();
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    private static int port(String service) {
        return Integer.parseInt(addresses.get(service + ".port"));
    }
}
