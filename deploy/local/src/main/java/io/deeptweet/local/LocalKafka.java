// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A broker and a registry for tests, on free ports, in a temporary folder that goes when they stop.
 *
 * <p>Where they are installed is the system property {@code deeptweet.local.home}, which the build sets.
 */
public final class LocalKafka implements AutoCloseable {
    private static LocalKafka shared;

    private final Path folder;
    private final KafkaBroker broker;
    private final SchemaRegistry registry;

    private LocalKafka(Path folder, KafkaBroker broker, SchemaRegistry registry) {
        this.folder = folder;
        this.broker = broker;
        this.registry = registry;
    }

    /** A broker and a registry of one's own, to be closed. */
    public static LocalKafka start() {
        Path folder;
        try {
            folder = Files.createTempDirectory("deeptweet-kafka");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        KafkaBroker broker = null;
        try {
            broker = KafkaBroker.start(home(), folder.resolve("broker"), Ports.free());
            return new LocalKafka(
                    folder, broker, SchemaRegistry.start(home(), folder.resolve("registry"), Ports.free()));
        } catch (StartFailedException e) {
            if (broker != null) broker.close();
            delete(folder);
            throw e;
        }
    }

    /** The one that all tests of this JVM share; it stops with the JVM. Tests take fresh topics and application ids. */
    public static synchronized LocalKafka shared() {
        if (shared == null) {
            shared = start();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close, "stop the shared broker and registry"));
        }
        return shared;
    }

    /** The folder that this module's build laid out: the system property {@code deeptweet.local.home}. */
    public static Path home() {
        String home = System.getProperty("deeptweet.local.home");
        if (home == null)
            throw new StartFailedException(
                    "the system property deeptweet.local.home is not set: name the folder deploy/local/target/local");
        return Path.of(home);
    }

    /** What clients take as {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** What clients take as {@code schema.registry.url}. */
    public String registryUrl() {
        return registry.url();
    }

    /** The broker, to be stopped or killed by a test that owns it. */
    public KafkaBroker broker() {
        return broker;
    }

    @Override
    public void close() {
        registry.close();
        broker.close();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + folder + " cannot be deleted", e);
        }
    }
}
