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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A real schema registry, Apicurio's, on the loopback address; it speaks the REST API of Confluent's.
 *
 * <p>Keeps its schemas in a folder and gives them the same ids at the next start.
 */
public final class SchemaRegistry implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ChildProcess process;
    private final int port;
    private final Optional<ClassDataArchive> classData;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private SchemaRegistry(ChildProcess process, int port, Optional<ClassDataArchive> classData) {
        this.process = process;
        this.port = port;
        this.classData = classData;
    }

    /** As {@link #launch(Path, Path, int)}, and waits until the registry answers. */
    public static SchemaRegistry start(Path home, Path data, int port) {
        SchemaRegistry registry = launch(home, data, port);
        registry.awaitReady();
        return registry;
    }

    /**
     * Starts a registry without waiting for it.
     *
     * @param home the folder that this module's build laid out
     * @param data where it keeps its schemas and its log; created if missing
     * @param port where clients connect
     * @throws StartFailedException if the port is in use, or the folder cannot be written
     */
    public static SchemaRegistry launch(Path home, Path data, int port) {
        return launch(home, data, port, LogLimit.NONE);
    }

    /** As {@link #launch(Path, Path, int)}, with a limit for the log. */
    public static SchemaRegistry launch(Path home, Path data, int port, LogLimit limit) {
        Ports.requireFree(port, "the schema registry");
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new StartFailedException("the schema registry cannot use " + data + ": " + e, e);
        }
        List<String> program = List.of("-jar", runner(home.resolve("registry")).toString());
        Optional<ClassDataArchive> classData = ClassDataArchive.of(ClassDataArchive.in(home), "registry", program);
        // It answers a few requests per schema and client: what starts fast is fast enough.
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=localhost",
                "-Dquarkus.http.port=" + port));
        classData.ifPresent(archive -> arguments.addAll(archive.options()));
        arguments.addAll(program);
        ChildProcess process = ChildProcess.java(
                "the schema registry",
                arguments,
                Map.of(
                        "REGISTRY_DATASOURCE_URL",
                        "jdbc:h2:file:" + data.toAbsolutePath().resolve("schemas")),
                data,
                data.resolve("registry.log"),
                limit);
        return new SchemaRegistry(process, port, classData);
    }

    /** Whether it answers. */
    public boolean isReady() {
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

    /** What clients take as {@code schema.registry.url}. */
    public String url() {
        return url(port);
    }

    /** The URL of a registry that listens on a port of this machine. */
    public static String url(int port) {
        return "http://localhost:" + port + "/apis/ccompat/v7";
    }

    /** The registry's process. */
    public ChildProcess process() {
        return process;
    }

    /** Waits until it is ready; fails as {@link ChildProcess#await} does. */
    public void awaitReady() {
        process.await(this::isReady, PATIENCE);
    }

    /** Its class data archive, if it can have one. */
    public Optional<ClassDataArchive> classData() {
        return classData;
    }

    @Override
    public void close() {
        process.close();
        classData.ifPresent(ClassDataArchive::close);
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
