// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The trainer as it is shipped, in a JVM of its own. */
final class RunningTrainer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port = Ports.free();
    private final ChildProcess process;

    /** An answer. */
    record Answer(int status, JsonNode body) {}

    /**
     * @param folder for its log
     * @param settings environment variables
     */
    RunningTrainer(Path folder, LocalKafka kafka, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "KAFKA_SCHEMA_REGISTRY_URL", kafka.registryUrl(),
                "KAFKA_SESSION_TIMEOUT_MS", "6000",
                "DEEPTWEET_TOPICS_PARTITIONS", "2",
                "DEEPTWEET_PUBLISH_DEFAULT", "false"));
        environment.putAll(settings);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("OMP_NUM_THREADS", "1");
        process = ChildProcess.java(
                "the trainer",
                List.of(
                        "-Xmx384m",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString(),
                        "serve"),
                environment,
                folder,
                folder.resolve("trainer-" + port + ".log"));
    }

    /** Waits until it works, or does what is said. */
    RunningTrainer awaitState(String state) {
        process.await(() -> state().equals(state), PATIENCE);
        return this;
    }

    String state() {
        try {
            return JSON.readTree(send(request("/status").GET()).body())
                    .path("state")
                    .asText();
        } catch (IOException e) {
            return "";
        }
    }

    Answer get(String path) {
        return answer(request(path).GET());
    }

    Answer post(String path, String type, String body) {
        return answer(request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** A body as it comes. */
    String text(String path) {
        try {
            return send(request(path).GET()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Answer post(String path) {
        return answer(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    /** The value of a metric, such as {@code deeptweet_labels_total{outcome="added"}}. */
    double metric(String name) {
        try {
            return send(request("/q/metrics").GET())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until so many rounds were committed, and gives them. */
    List<JsonNode> awaitRounds(int count) {
        await().atMost(PATIENCE).until(() -> get("/rounds").body().size() >= count);
        List<JsonNode> rounds = new ArrayList<>();
        get("/rounds").body().forEach(rounds::add);
        return rounds;
    }

    String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** As a power cut would. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(30));
    }

    private Answer answer(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = send(request);
            return new Answer(
                    response.statusCode(), JSON.readTree(response.body().isEmpty() ? "null" : response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
