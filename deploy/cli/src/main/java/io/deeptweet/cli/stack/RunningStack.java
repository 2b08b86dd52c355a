// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import io.deeptweet.local.StartFailedException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The file in which a running stack leaves its addresses for other commands.
 *
 * @param file the file; absent while no stack runs
 */
public record RunningStack(Path file) {
    private static final String PID = "pid";

    /**
     * The addresses, by name: {@code bootstrap.servers}, {@code schema.registry.url}, {@code ingest.port}…; empty if no
     * stack runs.
     */
    public Optional<Map<String, String>> addresses() {
        Properties properties = new Properties();
        Instant written;
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
            written = Files.getLastModifiedTime(file).toInstant();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
        Map<String, String> addresses = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> addresses.put(name, properties.getProperty(name)));
        return isAlive(addresses.getOrDefault(PID, ""), written) ? Optional.of(addresses) : Optional.empty();
    }

    /** A stack that was killed leaves its file. By now its process id may belong to another process, started later. */
    private static boolean isAlive(String pid, Instant written) {
        return Optional.of(pid)
                .filter(text -> text.matches("\\d{1,18}"))
                .map(Long::valueOf)
                .flatMap(ProcessHandle::of)
                .filter(ProcessHandle::isAlive)
                .filter(process -> process.info()
                        .startInstant()
                        .map(start -> start.isBefore(written.plusSeconds(5)))
                        .orElse(true))
                .isPresent();
    }

    /** Fails if a stack runs already. */
    public void requireNone() {
        addresses().ifPresent(other -> {
            throw new StartFailedException(
                    "deeptweet up runs here already, as process " + other.get(PID) + ": stop it first");
        });
    }

    /** Leaves the addresses of the stack that this process runs, without the credentials that they may hold. */
    public void announce(Map<String, String> addresses) {
        Properties properties = new Properties();
        addresses.forEach((name, address) -> properties.setProperty(name, withoutCredentials(address)));
        properties.setProperty(PID, ownPid());
        try {
            Files.createDirectories(file.getParent());
            createForOwner();
            try (Writer writer = Files.newBufferedWriter(file)) {
                properties.store(writer, "The stack that deploy/deeptweet up runs");
            }
        } catch (IOException e) {
            throw new StartFailedException(
                    file + " cannot be written: " + e + ": name another file by " + Installation.RUNNING, e);
        }
    }

    /** Nobody else reads the file, not even while it is written. */
    private void createForOwner() throws IOException {
        Files.deleteIfExists(file); // of a stack that was killed, perhaps with other permissions
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix"))
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        else Files.createFile(file);
    }

    /** {@code http://user:password@registry:8081} without user and password; also in a list. */
    private static String withoutCredentials(String addresses) {
        return addresses.replaceAll("//[^/,]*@", "//");
    }

    /** Deletes the file, if it is that of the stack that this process runs. */
    public void withdraw() {
        if (addresses().filter(running -> running.get(PID).equals(ownPid())).isEmpty()) return;
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }
}
