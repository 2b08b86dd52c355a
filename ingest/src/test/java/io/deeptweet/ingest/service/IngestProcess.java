// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.Ports;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The packaged service in a process of its own, for tests that kill it or wait for its exit. */
final class IngestProcess implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(3);

    private final ChildProcess process;
    private final IngestClient client;

    private IngestProcess(ChildProcess process, IngestClient client) {
        this.process = process;
        this.client = client;
    }

    /**
     * Starts the service without waiting until it is ready.
     *
     * @param settings such as {@code deeptweet.push.timeout-seconds=3}
     */
    static IngestProcess start(Path folder, String bootstrapServers, String registryUrl, String... settings) {
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(List.of(
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.port=" + port,
                "-Dkafka.bootstrap.servers=" + bootstrapServers,
                "-Dkafka.schema.registry.url=" + registryUrl));
        for (String setting : settings) arguments.add("-D" + setting);
        Path jar = Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();
        arguments.addAll(List.of("-jar", jar.toString()));
        Path log = folder.resolve("ingest-" + UUID.randomUUID() + ".log");
        return new IngestProcess(
                ChildProcess.java("ingest", arguments, Map.of(), folder, log),
                new IngestClient(URI.create("http://localhost:" + port)));
    }

    IngestProcess awaitReady() {
        process.await(() -> client.readiness() == 200, PATIENCE);
        return this;
    }

    IngestClient client() {
        return client;
    }

    ChildProcess process() {
        return process;
    }

    /** Asks the process to end, as {@code kill} does, and waits until it has ended. */
    @Override
    public void close() {
        process.close();
    }
}
