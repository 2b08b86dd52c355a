// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.ScriptProcess.Result;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceProcess;
import io.deeptweet.cli.stack.ServiceType;
import io.deeptweet.local.Ports;
import io.deeptweet.model.artefact.ModelArtefact;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays through the whole stack: nothing lost, nothing doubled, whatever happens on the way. All but those of
 * {@code --exit-when-done} share one stack; each has an ingest and a feed of its own.
 */
class ReplayIT {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    static Path folder;

    private static Installation installation;
    private static ScriptProcess up;
    private static Map<String, String> addresses;
    private static float bias;

    @TempDir
    Path own;

    @BeforeAll
    static void start() {
        installation = ScriptProcess.installation(folder);
        List<String> arguments = new ArrayList<>(List.of("up", "--no-feed", "--quiet"));
        arguments.addAll(ScriptProcess.freePorts());
        up = ScriptProcess.start(folder, arguments);
        await().atMost(PATIENCE).until(() -> up.output().contains("Ctrl-C stops everything") || !up.isAlive());
        assertThat(up.isAlive()).as(up.output()).isTrue();
        addresses = installation.runningStack().addresses().orElseThrow();
    }

    @AfterAll
    static void stop() {
        up.close();
    }

    /** Half-way through, a second version takes over. */
    @Test
    void aSwapNeitherLosesNorDoublesATweet() throws Exception {
        swapDuring(
                "generated",
                IntStream.range(0, 6000)
                        .mapToObj(i -> "{\"data\": {\"id\": \"" + i + "\", \"text\": \"tweet " + i
                                + (i % 3 == 0 ? " is great" : " is awful") + "\", \"lang\": \"en\", \"created_at\": \""
                                + Instant.ofEpochSecond(1_700_000_000L + i) + "\"}}")
                        .toList());
    }

    @Test
    void theElectionFeedIsScoredOnceEachWhileTheModelIsSwapped() throws Exception {
        try (InputStream gzip =
                new GZIPInputStream(Files.newInputStream(streams().resolve("x-election-2024.jsonl.gz")))) {
            List<String> lines = new String(gzip.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            assertThat(lines).hasSize(19_056);
            swapDuring("election", lines);
        }
    }

    /** All of its ids are null: each line is rejected, with that reason. */
    @Test
    void everyLineWithoutAnIdIsRejectedAndKept() throws Exception {
        try (ServiceProcess ingest = ingest("chatgpt", streams().resolve("x-chatgpt-2023.jsonl.gz"))) {
            await().atMost(PATIENCE).until(() -> state(ingest).equals("finished"));
            JsonNode feed = feed(ingest);
            assertThat(feed.path("read").asInt()).isEqualTo(8000);
            assertThat(feed.path("published").asInt()).isZero();
            assertThat(feed.path("rejected").asInt()).isEqualTo(8000);
        }
        CommandRun tail = CommandRun.of(
                installation, "tail", "rejected", "--feed=chatgpt", "--from-beginning", "--until-end", "--json");
        assertThat(tail.out().lines())
                .hasSize(8000)
                .allSatisfy(line -> assertThat(line).contains("\"reason\":\"no-id\""));
    }

    /** Given ids, each line is scored or left out for its language. */
    @Test
    void everyLineIsAccountedFor() {
        String totals = replay("--feed=" + streams().resolve("x-chatgpt-2023.jsonl.gz"), "--missing-id=line");
        assertThat(number(totals, "read")).isEqualTo(8000);
        assertThat(number(totals, "scored") + number(totals, "filtered") + number(totals, "rejected"))
                .isEqualTo(8000);
        assertThat(number(totals, "scored"))
                .isEqualTo(number(totals, "published"))
                .isGreaterThan(3000);
        assertThat(totals).contains("each id once: yes");
    }

    @Test
    void upStopsWhenTheShippedFeedIsDoneAndItsTotalsAddUp() {
        assertThat(replay())
                .containsPattern("read +204\n")
                .containsPattern("published +190\n")
                .containsPattern("filtered +12 ")
                .containsPattern("rejected +2 \\{malformed=1, no-id=1\\}\n")
                .containsPattern("scored +190, each id once: yes")
                .containsPattern("windows 10s +190 tweets counted\n")
                .contains("stopping ingest, classifier, trainer, registry, broker");
    }

    /** Its windows must not count the feed twice. */
    @Test
    void aSecondStartOnTheSameDataPublishesNothingAgain() {
        String data = "--data=" + own.resolve("data");
        assertThat(replay(data))
                .containsPattern("scored +190, each id once: yes")
                .doesNotContain("earlier start");
        assertThat(replay(data))
                .contains("feed        sample continues after 204 records of an earlier start; --from-beginning")
                .containsPattern("earlier +204 records\n")
                .containsPattern("read +0\n")
                .containsPattern("scored +0,");
    }

    private String replay(String... options) {
        List<String> arguments = new ArrayList<>(List.of("up", "--rate=0", "--exit-when-done", "--quiet"));
        arguments.addAll(List.of(options));
        arguments.addAll(ScriptProcess.freePorts());
        Result result = ScriptProcess.run(own, PATIENCE, arguments.toArray(String[]::new));
        assertThat(result.code()).as(result.output()).isZero();
        return result.output();
    }

    /** The feed comes through a pipe, so that the swap falls in its middle however fast the machine is. */
    private void swapDuring(String name, List<String> lines) throws Exception {
        int tweets = lines.size();
        bias += 0.5f;
        Path second = own.resolve("second.safetensors");
        ModelArtefact other = BiasedModel.of(installation, bias);
        other.write(second);
        long before = classifier().path("scored").asLong();
        Path pipe = own.resolve("feed.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try (ServiceProcess ingest = ingest(name, pipe)) {
            try (BufferedWriter feed = Files.newBufferedWriter(pipe)) {
                write(feed, lines.subList(0, tweets / 2));
                await().atMost(PATIENCE).until(() -> classifier().path("scored").asLong() > before);
                publishDuring(feed, lines.subList(tweets / 2, tweets * 3 / 4), second, other.version());
                write(feed, lines.subList(tweets * 3 / 4, tweets));
            }
            await().atMost(PATIENCE)
                    .until(() -> state(ingest).equals("finished")
                            && classifier().path("scored").asLong() >= before + tweets);
        }
        StreamRecords records = new StreamRecords(addresses, name);
        await().atMost(PATIENCE).untilAsserted(() -> {
            records.read();
            assertThat(records.ids()).hasSize(tweets);
            assertThat(records.countedBySize())
                    .hasSize(3)
                    .allSatisfy((size, count) -> assertThat(count)
                            .as("tweets in windows of %s", size)
                            .isEqualTo(tweets));
        });
        assertThat(records.scored()).as("records, each id once").isEqualTo(tweets);
        assertThat(records.versionsInOrder())
                .as("in no partition does the old version score after the new one")
                .allSatisfy(versions -> assertThat(versions).hasSizeLessThanOrEqualTo(2));
        assertThat(records.versionsInOrder().stream().flatMap(List::stream).distinct())
                .as("both versions scored")
                .hasSize(2)
                .contains(other.version());
        assertThat(records.versionsInOrder().stream()
                        .map(versions -> versions.get(versions.size() - 1))
                        .distinct())
                .as("at the end it is the new one")
                .containsExactly(other.version());
        assertThat(records.countedByVersion()).as("windows count the versions").isEqualTo(records.scoredByVersion());
        System.out.printf(
                "swap during %s: %d tweets, each once, by %s; longest pause between two scores %d ms%n",
                name, records.scored(), records.scoredByVersion(), records.longestPause());
    }

    /** Publishes a model, and writes some of the lines until it scores, the others then. */
    private static void publishDuring(Writer feed, List<String> lines, Path model, String version) throws IOException {
        try (ScriptProcess publish = ScriptProcess.start(folder, List.of("publish", model.toString(), "--activate"))) {
            Iterator<String> meanwhile = lines.iterator();
            await().pollInterval(Duration.ofMillis(10)).atMost(PATIENCE).until(() -> {
                if (meanwhile.hasNext()) write(feed, List.of(meanwhile.next()));
                return !publish.isAlive()
                        && classifier().path("activeModel").asText().equals(version);
            });
            Result published = publish.await(PATIENCE);
            assertThat(published.code()).as(published.output()).isZero();
            while (meanwhile.hasNext()) write(feed, List.of(meanwhile.next()));
        }
    }

    private static void write(Writer feed, List<String> lines) throws IOException {
        for (String line : lines) feed.write(line + "\n");
        feed.flush();
    }

    /** An ingest of its own that replays a file. */
    private ServiceProcess ingest(String feed, Path file) {
        return ServiceProcess.launch(
                        installation,
                        ServiceType.INGEST,
                        "ingest-" + feed,
                        Ports.free(),
                        Map.of("deeptweet.feeds." + feed + ".file", file.toString()),
                        Map.of(
                                "bootstrap.servers", addresses.get("bootstrap.servers"),
                                "schema.registry.url", addresses.get("schema.registry.url")),
                        own)
                .awaitReady();
    }

    private static JsonNode classifier() throws IOException {
        return new ObjectMapper()
                .readTree(ServiceClient.get(Integer.parseInt(addresses.get("classifier.port")), "/status")
                        .body());
    }

    private static JsonNode feed(ServiceProcess ingest) throws IOException {
        return new ObjectMapper()
                .readTree(ServiceClient.get(ingest.port(), "/feeds").body())
                .path(0);
    }

    private static String state(ServiceProcess ingest) throws IOException {
        return feed(ingest).path("state").asText();
    }

    private static long number(String totals, String name) {
        return totals.lines()
                .filter(line -> line.matches(name + " +[\\d,]+.*"))
                .map(line -> Long.parseLong(line.split(" +", -1)[1].replace(",", "")))
                .findFirst()
                .orElseThrow();
    }

    private static Path streams() {
        Path streams = Path.of(System.getProperty("deeptweet.data")).resolve("streams");
        assumeTrue(Files.isDirectory(streams), "skipped: no real tweets at " + streams);
        return streams;
    }
}
