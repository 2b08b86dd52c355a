// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import io.deeptweet.local.broker.BrokerMain;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * A real Kafka broker, its own KRaft controller, on the loopback address.
 *
 * <p>Keeps its records in a folder and finds them again at the next start.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long LEAST_DISK = 256L * 1024 * 1024;

    private final ChildProcess process;
    private final int port;
    private final Optional<ClassDataArchive> classData;

    private KafkaBroker(ChildProcess process, int port, Optional<ClassDataArchive> classData) {
        this.process = process;
        this.port = port;
        this.classData = classData;
    }

    /** As {@link #launch}, and waits until the broker serves. */
    public static KafkaBroker start(Path home, Path data, int port) {
        KafkaBroker broker = launch(home, data, port);
        broker.awaitReady();
        return broker;
    }

    /**
     * Starts a broker without waiting for it.
     *
     * @param home the folder that this module's build laid out
     * @param data where it keeps its records and its log; created if missing
     * @param port where clients connect
     * @throws StartFailedException if the port is in use, or the folder cannot be written or is nearly full
     */
    public static KafkaBroker launch(Path home, Path data, int port) {
        return launch(home, data, port, LogLimit.NONE);
    }

    /** As {@link #launch(Path, Path, int)}, with a limit for the log. */
    public static KafkaBroker launch(Path home, Path data, int port, LogLimit limit) {
        return launch(home, data, BrokerNode.single(port), limit);
    }

    /** As {@link #launch(Path, Path, int)}, for a broker of a cluster, or one with settings of its own. */
    public static KafkaBroker launch(Path home, Path data, BrokerNode node) {
        return launch(home, data, node, LogLimit.NONE);
    }

    private static KafkaBroker launch(Path home, Path data, BrokerNode node, LogLimit limit) {
        Ports.requireFree(node.port(), "the Kafka broker");
        try {
            Files.createDirectories(data);
            if (data.toFile().getUsableSpace() < LEAST_DISK)
                throw new StartFailedException("less than 256 MB are free in " + data
                        + ", which is too little for Kafka: free some, or choose another folder");
            Path config = data.resolve("broker.properties");
            Files.writeString(config, properties(data.resolve("records"), node));
            List<String> program = List.of("-cp", classPath(home), BrokerMain.class.getName());
            Optional<ClassDataArchive> classData = ClassDataArchive.of(ClassDataArchive.in(home), "broker", program);
            List<String> arguments = new ArrayList<>(List.of(
                    node.controllerPorts().size() == 1 ? "-Xms256m" : "-Xms128m",
                    node.controllerPorts().size() == 1 ? "-Xmx512m" : "-Xmx256m",
                    "-XX:+UseG1GC",
                    "-Dorg.slf4j.simpleLogger.showDateTime=true",
                    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS"));
            // With ACLs: which of them allowed what.
            if (node.settings().containsKey("authorizer.class.name"))
                arguments.add("-Dorg.slf4j.simpleLogger.log.kafka.authorizer.logger=trace");
            classData.ifPresent(archive -> arguments.addAll(archive.options()));
            arguments.addAll(program);
            arguments.addAll(List.of(config.toString(), node.clusterId()));
            return new KafkaBroker(
                    ChildProcess.java("the Kafka broker", arguments, Map.of(), data, data.resolve("broker.log"), limit),
                    node.port(),
                    classData);
        } catch (IOException e) {
            throw new StartFailedException("the Kafka broker cannot use " + data + ": " + e, e);
        }
    }

    /** Whether it serves. */
    public boolean isReady() {
        return process.hasLogged("Kafka Server started");
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** The broker's process. */
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

    /** Kafka's jars, and ours for {@link BrokerMain}. */
    private static String classPath(Path home) throws IOException {
        Path list = home.resolve("broker.classpath");
        if (!Files.exists(list))
            throw new StartFailedException(
                    "the Kafka broker is not in " + home + ": build the project first, mvn" + " -DskipTests package");
        try {
            Path ours = Path.of(BrokerMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.readString(list).strip() + File.pathSeparator + ours;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has a location that is not a URI", e);
        }
    }

    private static String properties(Path records, BrokerNode node) throws IOException {
        Properties properties = new Properties();
        properties.putAll(node.properties());
        properties.put("log.dirs", records.toString());
        StringWriter text = new StringWriter();
        properties.store(text, null);
        return text.toString();
    }
}
