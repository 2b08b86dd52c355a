// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The packaged classifier in its own JVM, against the shared broker and registry unless the settings say otherwise. */
final class ClassifierProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path RUNNER = Path.of("target/quarkus-app/quarkus-run.jar");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port = Ports.free();
    private final ChildProcess process;

    private ClassifierProcess(Path folder, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("DEEPTWEET_ADDRESS", address());
        environment.putIfAbsent("DEEPTWEET_STATE_DIR", folder.resolve("state").toString());
        // The compiler for short runs: most of a test's classifier is its start.
        List<String> arguments = List.of(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                RUNNER.toAbsolutePath().toString());
        process = ChildProcess.java("the classifier", arguments, environment, folder, folder.resolve("classifier.log"));
    }

    /**
     * Starts a classifier.
     *
     * @param folder for its state and its log
     * @param settings environment variables, over those of {@link #settings}
     */
    static ClassifierProcess start(Path folder, Map<String, String> settings) {
        Map<String, String> all = settings();
        all.putAll(settings);
        return new ClassifierProcess(folder, all);
    }

    /**
     * Starts a classifier without the shared broker and registry.
     *
     * @param folder for its state and its log
     * @param settings environment variables
     */
    static ClassifierProcess startAlone(Path folder, Map<String, String> settings) {
        return new ClassifierProcess(folder, settings);
    }

    /** Two partitions, and time-outs as short as the broker allows, so that tests of crashes need not wait long. */
    private static Map<String, String> settings() {
        return new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS",
                LocalKafka.shared().bootstrapServers(),
                "KAFKA_SCHEMA_REGISTRY_URL",
                LocalKafka.shared().registryUrl(),
                "DEEPTWEET_TOPICS_PARTITIONS",
                "2",
                "KAFKA_CONSUMER_SESSION_TIMEOUT_MS",
                "6000",
                "KAFKA_CONSUMER_HEARTBEAT_INTERVAL_MS",
                "1000",
                "KAFKA_PRODUCER_TRANSACTION_TIMEOUT_MS",
                "3000"));
    }

    /** Returns host and port at which others reach it. */
    String address() {
        return "localhost:" + port;
    }

    ClassifierProcess awaitReady() {
        process.await(() -> answers(200, "/q/health/ready"), PATIENCE);
        return this;
    }

    /** Waits until it says that it is not ready, and why. */
    ClassifierProcess awaitNotReady(String reason) {
        process.await(
                () -> answers(503, "/q/health/ready") && body("/q/health/ready").contains(reason), PATIENCE);
        return this;
    }

    boolean answers(int status, String path) {
        try {
            return get(path).statusCode() == status;
        } catch (IOException e) {
            return false;
        }
    }

    String body(String path) {
        try {
            return get(path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the answer of {@code /status}. */
    JsonNode status() {
        try {
            return JSON.readTree(body("/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the refusals that {@code /status} shows. */
    List<String> refusals() {
        return status().path("refusedModels")
                .valueStream()
                .map(JsonNode::asText)
                .toList();
    }

    /** Returns the value of a metric, such as {@code deeptweet_scored_total}, summed over its labels. */
    double metric(String name) {
        return body("/q/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    void awaitModel(String version) {
        await().atMost(PATIENCE)
                .until(() -> status().path("activeModel").asText().equals(version));
    }

    /** Waits until this version is the shadow; empty for none. */
    void awaitShadow(String version) {
        await().atMost(PATIENCE)
                .until(() -> status().path("shadow").path("version").asText().equals(version));
    }

    String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Ends it without a warning, as a power cut would. */
    void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
