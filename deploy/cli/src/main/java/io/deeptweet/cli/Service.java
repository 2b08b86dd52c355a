// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One of DeepTweet's services as a child process. */
record Service(String name, int port, ChildProcess process) implements AutoCloseable {
    /**
     * The classifier's JVM, sized for a container of 768 MB: the heap holds the tables of three models while one is
     * swapped beside a shadow, and the kept models as they were published; beside it are classes and code, the stacks
     * of some 40 threads, and 64 MB of RocksDB's.
     */
    static final List<String> CLASSIFIER = List.of(
            "--add-modules",
            "jdk.incubator.vector",
            "-Xmx448m",
            "-XX:+UseSerialGC",
            "-XX:MaxMetaspaceSize=128m",
            "-XX:ReservedCodeCacheSize=64m",
            "-XX:MaxDirectMemorySize=32m",
            "-Xss512k");

    static final List<String> INGEST = List.of("-Xmx256m");
    static final List<String> TRAINER = List.of("--add-modules", "jdk.incubator.vector", "-Xmx512m");

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /**
     * Starts a service, without waiting until it is ready.
     *
     * @param jvm options of its JVM, such as {@link #CLASSIFIER}
     * @param settings its settings; none of them secret, for others see them
     * @param environment where secrets belong
     * @throws io.deeptweet.local.StartFailedException if the port is taken or the service cannot be started
     */
    static Service start(
            String name,
            Path jar,
            int port,
            List<String> jvm,
            Map<String, String> settings,
            Map<String, String> environment,
            Path folder,
            String... arguments) {
        Ports.requireFree(port, name);
        List<String> command = new ArrayList<>(jvm);
        command.addAll(List.of("-Dquarkus.http.host=localhost", "-Dquarkus.http.port=" + port));
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        return new Service(
                name, port, ChildProcess.java(name, command, environment, folder, folder.resolve(name + ".log")));
    }

    /** Waits until it is ready; fails as {@link ChildProcess#await} does. */
    Service awaitReady() {
        process.await(() -> isReady(port), PATIENCE);
        return this;
    }

    static boolean isReady(int port) {
        return isReady("localhost:" + port);
    }

    /** @param address host and port */
    static boolean isReady(String address) {
        try {
            return get(address, "/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    static HttpResponse<String> get(int port, String path) throws IOException {
        return get("localhost:" + port, path);
    }

    /** @param address host and port */
    static HttpResponse<String> get(String address, String path) throws IOException {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .timeout(Duration.ofSeconds(10))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
