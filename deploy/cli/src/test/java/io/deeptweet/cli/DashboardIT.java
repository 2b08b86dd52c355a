// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.cli.stack.Installation;
import io.deeptweet.cli.stack.ServiceClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dashboard in Chromium, as {@code src/test/browser/dashboard.test.mjs} uses it, of a stack with tweets of two
 * models and hostile tweets. Skipped where Chromium or Node.js is missing.
 */
class DashboardIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TEXTS = List.of(
            "what a wonderful flight, thank you",
            "my bag is lost again, this is awful",
            "the flight leaves at nine",
            "worst service ever, never again",
            "I love the new seats");
    private static final List<String> HOSTILE = List.of(
            "<script>alert('tweet')</script> what a day",
            "<img src=x onerror=alert(1)> what a day",
            "\u202Eyad a tahw\u202C, said the mirror",
            "z" + "\u0335\u0321\u031B".repeat(300) + "algo, what a day",
            "a".repeat(100_000),
            "https://example.com/" + "x".repeat(3_000),
            "<a href=javascript:alert(1)>what a day</a>");

    @TempDir
    private Path folder;

    private Map<String, String> addresses;

    @Test
    void aPersonFindsWhatTheyLookFor() throws Exception {
        Optional<Path> chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "skipped: the dashboard's test needs Chromium");
        Path browser = NodeProject.installed("browser", folder);
        Installation installation = ScriptProcess.installation(folder);
        List<String> arguments = new ArrayList<>(List.of("up", "--no-feed"));
        arguments.addAll(ScriptProcess.freePorts());
        try (ScriptProcess up = ScriptProcess.start(folder, arguments)) {
            await().atMost(PATIENCE).until(() -> up.output().contains("Ctrl-C stops everything") || !up.isAlive());
            assertThat(up.isAlive()).as(up.output()).isTrue();
            addresses = installation.runningStack().addresses().orElseThrow();
            Instant first = Instant.now().minusSeconds(600);
            push("airline", tweets("before", first, 20, TEXTS));
            push("phones", tweets("phones", first, 30, TEXTS));
            push("hostile", tweets("hostile", first, HOSTILE.size(), HOSTILE));
            await().atMost(PATIENCE).until(() -> counted("airline") == 20);
            String before = classifier("/status").path("activeModel").asText();
            String second = activated(installation);
            ScriptProcess.Result shadow = ScriptProcess.run(folder, PATIENCE, "shadow", before);
            assertThat(shadow.code()).as(shadow.output()).isZero();
            await().atMost(PATIENCE)
                    .until(() -> classifier("/status").path("shadow").isObject());
            push("airline", tweets("after", first.plusSeconds(300), 20, TEXTS));
            Map<String, Integer> counts = new TreeMap<>(Map.of("airline", 40, "phones", 30, "hostile", HOSTILE.size()));
            for (Map.Entry<String, Integer> feed : counts.entrySet())
                await().atMost(PATIENCE).until(() -> counted(feed.getKey()) == feed.getValue());
            test(browser, chromium.get(), counts, second, before);
        }
    }

    private void test(Path browser, Path chromium, Map<String, Integer> counts, String version, String before)
            throws Exception {
        Path output = folder.resolve("browser.txt");
        Path screenshots = Files.createDirectories(Path.of("target/screenshots").toAbsolutePath());
        ProcessBuilder node = new ProcessBuilder("node", "--test", "dashboard.test.mjs", "swagger-ui.test.mjs")
                .directory(browser.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        node.environment()
                .putAll(Map.of(
                        "CLASSIFIER",
                        "http://localhost:" + port("classifier"),
                        "INGEST",
                        "http://localhost:" + port("ingest"),
                        "TRAINER",
                        "http://localhost:" + port("trainer"),
                        "CHROMIUM",
                        chromium.toString(),
                        "COUNTS",
                        JSON.writeValueAsString(counts),
                        "VERSION",
                        version,
                        "BEFORE",
                        before,
                        "SCREENSHOTS",
                        screenshots.toString()));
        Process started = node.start();
        assertThat(started.waitFor(10, TimeUnit.MINUTES))
                .as(Files.readString(output))
                .isTrue();
        assertThat(started.exitValue()).as(Files.readString(output)).isZero();
    }

    /** Ten seconds apart. */
    private static List<Map<String, String>> tweets(String prefix, Instant first, int number, List<String> texts) {
        return Stream.iterate(0, i -> i + 1)
                .limit(number)
                .map(i -> Map.of(
                        "id",
                        prefix + i,
                        "text",
                        texts.get(i % texts.size()),
                        "created_at",
                        first.plusSeconds(10L * i).toString(),
                        "lang",
                        "en"))
                .toList();
    }

    private String activated(Installation installation) throws Exception {
        Path file = folder.resolve("second.safetensors");
        BiasedModel.of(installation, 0.5f).write(file);
        ScriptProcess.Result published = ScriptProcess.run(folder, PATIENCE, "publish", file.toString(), "--activate");
        assertThat(published.code()).as(published.output()).isZero();
        await().atMost(PATIENCE)
                .until(() -> classifier("/status").path("activeModel").asText().startsWith("biased-"));
        return classifier("/status").path("activeModel").asText();
    }

    /** Tweets of a feed in all its windows. */
    private int counted(String feed) throws IOException {
        int counted = 0;
        for (JsonNode window :
                classifier("/windows/" + feed + "?size=10s&limit=1000").path("windows"))
            counted += window.path("count").asInt();
        return counted;
    }

    private JsonNode classifier(String path) throws IOException {
        return JSON.readTree(ServiceClient.get(port("classifier"), path).body());
    }

    private void push(String feed, List<Map<String, String>> tweets) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port("ingest") + "/tweets?feed=" + feed))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(tweets)))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private int port(String service) {
        return Integer.parseInt(addresses.get(service + ".port"));
    }
}
