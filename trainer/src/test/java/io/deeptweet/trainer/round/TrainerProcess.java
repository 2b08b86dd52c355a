// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

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
public final class TrainerProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final int port = Ports.free();
    private final ChildProcess process;

    /**
     * @param folder for its log
     * @param settings environment variables
     * @param jvmOptions further options of {@code java}
     */
    public TrainerProcess(Path folder, LocalKafka kafka, Map<String, String> settings, String... jvmOptions) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                "KAFKA_SCHEMA_REGISTRY_URL", kafka.registryUrl(),
                "KAFKA_SESSION_TIMEOUT_MS", "6000", // the least that the broker accepts
                "DEEPTWEET_TOPICS_PARTITIONS", "2",
                "DEEPTWEET_PUBLISH_DEFAULT", "false",
                "DEEPTWEET_ROUND_LEARNING_RATE", "0.01"));
        environment.putAll(settings);
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
        environment.put("OMP_NUM_THREADS", "1");
        List<String> arguments = new ArrayList<>(
                List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "--add-modules", "jdk.incubator.vector"));
        arguments.addAll(List.of(jvmOptions));
        arguments.addAll(List.of(
                "-jar",
                Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath().toString(),
                "serve"));
        process = ChildProcess.java(
                "the trainer", arguments, environment, folder, folder.resolve("trainer-" + port + ".log"));
    }

    /** Waits until it is in a state. */
    public TrainerProcess awaitState(RoundStatus.State state) {
        process.await(() -> state().equals(state.name()), RoundFixture.PATIENCE);
        return this;
    }

    /** The state that it tells; empty if it does not answer. */
    public String state() {
        return get("/status").path("state").asText("");
    }

    /** The JSON that a path answers with; a missing node if it does not answer. */
    public JsonNode get(String path) {
        try {
            return JSON.readTree(send(HttpRequest.newBuilder(uri(path)).GET()).body());
        } catch (IOException e) {
            return JSON.missingNode();
        }
    }

    /** Posts an empty body, and returns the status code. */
    public int post(String path) {
        try {
            return send(HttpRequest.newBuilder(uri(path))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.noBody()))
                    .statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has logged. */
    public String log() {
        try {
            return Files.readString(process.log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its exit code, waiting for its end. */
    public int exitCode() throws InterruptedException {
        return process.waitFor();
    }

    /** Kills it without a warning, as a power failure would. */
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + port + path);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        try {
            return http.send(request.timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
