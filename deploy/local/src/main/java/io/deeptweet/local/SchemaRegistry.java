// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real schema registry, Apicurio's, on the loopback address; it speaks the REST API of Confluent's.
 *
 * <p>Keeps its schemas in a folder and gives them the same ids at the next start.
 */
public final class SchemaRegistry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final ChildProcess process;
    private final int port;

    private SchemaRegistry(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a registry and waits until it answers.
     *
     * @param home the folder that this module's build laid out
     * @param data where it keeps its schemas and its log; created if missing
     * @param port where clients connect
     * @throws StartFailedException if the port is taken, the folder cannot be written, or the registry fails
     */
    public static SchemaRegistry start(Path home, Path data, int port) {
        Ports.requireFree(port, "the schema registry");
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new StartFailedException("the schema registry cannot use " + data + ": " + e, e);
        }
        ChildProcess process = ChildProcess.java(
                "the schema registry",
                List.of(
                        "-Xmx256m",
                        "-Dquarkus.http.host=localhost",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        runner(home.resolve("registry")).toString()),
                Map.of(
                        "REGISTRY_DATASOURCE_URL",
                        "jdbc:h2:file:" + data.toAbsolutePath().resolve("schemas")),
                data,
                data.resolve("registry.log"));
        SchemaRegistry registry = new SchemaRegistry(process, port);
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        process.await(() -> registry.answers(http), PATIENCE);
        return registry;
    }

    /** What clients take as {@code schema.registry.url}. */
    public String url() {
        return "http://localhost:" + port + "/apis/ccompat/v7";
    }

    /** The registry's process. */
    public ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    private boolean answers(HttpClient http) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Path runner(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no runner jar"));
        } catch (IOException e) {
            throw new StartFailedException(
                    "the schema registry is not in " + folder + ": build the project first, mvn -DskipTests package",
                    e);
        }
    }
}
