// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.ChildProcess;
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

/** The classifier as it is shipped, in a JVM of its own. */
final class RunningClassifier implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port = Ports.free();
    private final ChildProcess process;

    /**
     * @param folder for its state and its log
     * @param settings environment variables
     */
    RunningClassifier(Path folder, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("DEEPTWEET_ADDRESS", address());
        environment.put("DEEPTWEET_STATE_DIR", folder.resolve("state").toString());
        process = ChildProcess.java(
                "the classifier",
                List.of(
                        "-Xmx256m",
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()),
                environment,
                folder,
                folder.resolve("classifier.log"));
    }

    /** Where others reach it. */
    String address() {
        return "localhost:" + port;
    }

    RunningClassifier awaitReady() {
        process.await(() -> answers(200, "/q/health/ready"), PATIENCE);
        return this;
    }

    /** Waits until it says that it is not ready, and why. */
    void awaitNotReady(String because) {
        process.await(
                () -> answers(503, "/q/health/ready") && body("/q/health/ready").contains(because), PATIENCE);
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

    /** What {@code /status} says. */
    JsonNode status() {
        try {
            return JSON.readTree(body("/status"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The value of a metric, such as {@code deeptweet_scored_total}, summed over its labels. */
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

    /** Waits until this version scores beside the active one; an empty one means that none does. */
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
