// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;

/**
 * A real Kafka broker of one node, its own KRaft controller, on the loopback address.
 *
 * <p>Keeps its records in a folder and finds them again at the next start.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LEAST_DISK = 256L * 1024 * 1024;

    private final ChildProcess process;
    private final int port;

    private KafkaBroker(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts a broker and waits until it serves.
     *
     * @param home the folder that this module's build laid out
     * @param data where it keeps its records and its log; created if missing
     * @param port where clients connect
     * @throws StartFailedException if the port is taken, the folder cannot be written or is nearly full, or the broker
     *     fails
     */
    public static KafkaBroker start(Path home, Path data, int port) {
        Ports.requireFree(port, "the Kafka broker");
        try {
            Files.createDirectories(data);
            if (data.toFile().getUsableSpace() < LEAST_DISK)
                throw new StartFailedException("less than 256 MB are free in " + data
                        + ", which is too little for Kafka: free some, or choose another folder");
            Path config = data.resolve("broker.properties");
            Path records = data.resolve("records");
            Files.writeString(config, properties(records, port, Ports.free()));
            String classPath =
                    Files.readString(home.resolve("broker.classpath")).strip();
            Path log = data.resolve("broker.log");
            if (!Files.exists(records.resolve("meta.properties"))) {
                ChildProcess.java(
                                "Kafka's storage tool",
                                List.of(
                                        "-Xmx128m",
                                        "-XX:TieredStopAtLevel=1",
                                        "-cp",
                                        classPath,
                                        "kafka.tools.StorageTool",
                                        "format",
                                        "--cluster-id",
                                        clusterId(),
                                        "--config",
                                        config.toString()),
                                Map.of(),
                                data,
                                log)
                        .awaitSuccess(PATIENCE);
            }
            ChildProcess broker = ChildProcess.java(
                    "the Kafka broker",
                    List.of(
                            "-Xms256m",
                            "-Xmx512m",
                            "-XX:+UseG1GC",
                            "-Dorg.slf4j.simpleLogger.showDateTime=true",
                            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS",
                            "-cp",
                            classPath,
                            "kafka.Kafka",
                            config.toString()),
                    Map.of(),
                    data,
                    log);
            return new KafkaBroker(broker.await(() -> broker.hasLogged("Kafka Server started"), PATIENCE), port);
        } catch (IOException e) {
            throw new StartFailedException("the Kafka broker cannot use " + data + ": " + e, e);
        }
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** The broker's process. */
    public ChildProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }

    /**
     * 16 random bytes in URL-safe Base64, as {@code StorageTool random-uuid} gives them: none that looks like an
     * option.
     */
    private static String clusterId() {
        UUID uuid = UUID.randomUUID();
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        return id.startsWith("-") ? clusterId() : id;
    }

    private static String properties(Path records, int port, int controllerPort) throws IOException {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                "1",
                "listeners",
                "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
                "advertised.listeners",
                "PLAINTEXT://localhost:" + port,
                "controller.listener.names",
                "CONTROLLER",
                "controller.quorum.voters",
                "1@localhost:" + controllerPort,
                "log.dirs",
                records.toString()));
        // Kafka's defaults are for three brokers or more.
        properties.putAll(Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "10",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "10",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "group.initial.rebalance.delay.ms", "0"));
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return text.toString();
    }
}
