// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where things are.
 *
 * @param root the project's folder, where the build left the services
 * @param runningFile where a running stack leaves its addresses for other commands
 */
record Installation(Path root, Path runningFile) {
    /**
     * Environment variable that names another file for a running stack's addresses, so that a second stack can run
     * beside it.
     */
    static final String RUNNING = "DEEPTWEET_RUNNING";

    /** The folder that the script {@code deploy/deeptweet} names by the system property {@code deeptweet.root}. */
    static Installation found() {
        Path root = Path.of(Optional.ofNullable(System.getProperty("deeptweet.root"))
                        .orElse(""))
                .toAbsolutePath();
        Path runningFile = Optional.ofNullable(System.getenv(RUNNING))
                .filter(file -> !file.isBlank())
                .map(Path::of)
                .orElse(root.resolve(".deeptweet/running.properties"));
        return new Installation(root, runningFile.toAbsolutePath());
    }

    /** Where the broker and the registry are installed. */
    Path local() {
        return Optional.ofNullable(System.getProperty("deeptweet.local.home"))
                .map(Path::of)
                .orElse(root.resolve("deploy/local/target/local"));
    }

    /** The tweets that the project ships. */
    Path sampleFeed() {
        return root.resolve("deploy/sample/tweets.jsonl");
    }

    /**
     * A service's jar.
     *
     * @throws StartFailedException if it was not built
     */
    Path service(String module) {
        Path jar = root.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar))
            throw new StartFailedException(jar + " is missing: build the project, mvn -DskipTests package");
        return jar;
    }

    /** The addresses of the stack that runs, by name; empty if none does. */
    Optional<Map<String, String>> running() {
        Properties properties = new Properties();
        Instant written;
        try (Reader reader = Files.newBufferedReader(runningFile)) {
            properties.load(reader);
            written = Files.getLastModifiedTime(runningFile).toInstant();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        Map<String, String> addresses = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> addresses.put(name, properties.getProperty(name)));
        // What was killed could not clear up after itself, and its number may by now be that of another process,
        // started later.
        boolean alive = Optional.ofNullable(addresses.get("pid"))
                .filter(pid -> pid.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> start.isBefore(written.plusSeconds(5)))
                        .orElse(true))
                .isPresent();
        return alive ? Optional.of(addresses) : Optional.empty();
    }

    /** Leaves the addresses of a running stack. */
    void announce(Map<String, String> addresses) {
        Properties properties = new Properties();
        properties.putAll(addresses);
        properties.setProperty("pid", Long.toString(ProcessHandle.current().pid()));
        try {
            Files.createDirectories(runningFile.getParent());
            try (Writer writer = Files.newBufferedWriter(runningFile)) {
                properties.store(writer, "The stack that deploy/deeptweet up runs");
            }
        } catch (IOException e) {
            throw new StartFailedException("cannot write " + runningFile + ": " + e.getMessage(), e);
        }
    }

    /** Takes them back. */
    void withdraw() {
        try {
            Files.deleteIfExists(runningFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
