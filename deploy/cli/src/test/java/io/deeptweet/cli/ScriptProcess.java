// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The script {@code deploy/deeptweet} as a user runs it, in a process of its own. */
final class ScriptProcess implements AutoCloseable {
    private static final Path ROOT = Path.of(System.getProperty("deeptweet.root"));

    /**
     * What a shell starts in the background ignores Ctrl-C, and so do its children: a build that runs there could not
     * press it. GNU's {@code env} undoes that.
     */
    private static final List<String> HEED_INTERRUPTS = List.of("env", "--default-signal=INT");

    private final Process process;
    private final Path output;

    /** What a command printed, errors included, and its exit code. */
    record Result(int code, String output) {}

    private ScriptProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Ports for a stack of one's own. */
    static List<String> freePorts() {
        return List.of(
                "--broker-port=" + Ports.free(),
                "--registry-port=" + Ports.free(),
                "--ingest-port=" + Ports.free(),
                "--classifier-port=" + Ports.free(),
                "--trainer-port=" + Ports.free());
    }

    /**
     * Starts a command and leaves it running.
     *
     * @param folder see {@link #installation}
     */
    static ScriptProcess start(Path folder, List<String> arguments) {
        return start(folder, arguments, Map.of());
    }

    /** As {@link #start(Path, List)}, with further environment variables. */
    static ScriptProcess start(Path folder, List<String> arguments, Map<String, String> environment) {
        List<String> command = new ArrayList<>();
        if (succeeds(folder, HEED_INTERRUPTS, "true")) command.addAll(HEED_INTERRUPTS);
        command.add(ROOT.resolve("deploy/deeptweet").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(installation(folder).environment());
        builder.environment().putAll(environment);
        List.of("KAFKA_BOOTSTRAP_SERVERS", "SCHEMA_REGISTRY_URL", "KAFKA_SCHEMA_REGISTRY_URL")
                .forEach(builder.environment()::remove);
        try {
            Path output = Files.createTempFile(folder, "output", ".txt");
            return new ScriptProcess(builder.redirectOutput(output.toFile()).start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a command to its end. */
    static Result run(Path folder, Duration patience, String... arguments) {
        try (ScriptProcess command = start(folder, List.of(arguments))) {
            return command.await(patience);
        }
    }

    /** Waits for the end. */
    Result await(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                throw new AssertionError("still running after " + patience + ":\n" + output());
            return new Result(process.exitValue(), output());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** All that it printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The processes that it started, and theirs. */
    Set<ProcessHandle> children() {
        return process.descendants().collect(Collectors.toSet());
    }

    /** Presses Ctrl-C. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The installation, whose running stack is the one that was started with this folder: the developer's own may run
     * beside it.
     */
    static Installation installation(Path folder) {
        return new Installation(
                ROOT,
                Map.of(
                        Installation.RUNNING,
                        folder.resolve("running.properties").toString()));
    }

    /** Whether a program exists and succeeds. */
    static boolean succeeds(Path folder, List<String> command, String... arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        try {
            return new ProcessBuilder(all)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
