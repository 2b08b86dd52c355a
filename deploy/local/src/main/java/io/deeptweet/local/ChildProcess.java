// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A Java program in a JVM of its own, which ends with ours, even where ours is killed (but on Windows).
 *
 * <p>Its output goes to a log file. Closing asks it to end, waits, and kills it if it does not.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(30);
    private static final int TAIL_LINES = 12;
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    /**
     * Runs a program that the ends of ours reach in one way only. Ctrl-C and a closed terminal reach every process at
     * once: ours alone shall answer, and end the others in order. Where ours was killed it cannot, but the pipe that
     * only we hold open closes, and the shell that waits for that ends the program.
     */
    private static final String LEASH =
            "trap '' INT HUP; exec 3<&0 </dev/null; { read -r line <&3; kill $$; } 2>/dev/null & exec \"$@\" 3<&-";

    /** Those that run, the last started first: the order to end them in, for the later ones use the earlier. */
    private static final Deque<ChildProcess> RUNNING = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(ChildProcess::end), "stop child processes"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
        RUNNING.addFirst(this);
    }

    /**
     * Starts a program on the JDK that we run on.
     *
     * @param name what to call it in messages, such as {@code the Kafka broker}
     * @param arguments of {@code java}: JVM options, main class or jar, program arguments
     * @param environment variables to add to ours; secrets belong here, since others can see a command line
     * @param folder its working folder
     * @param log where its output goes; overwritten
     * @throws StartFailedException if it cannot be started
     */
    public static ChildProcess java(
            String name, List<String> arguments, Map<String, String> environment, Path folder, Path log) {
        List<String> command = new ArrayList<>();
        if (!WINDOWS) command.addAll(List.of("/bin/sh", "-c", LEASH, "sh"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        try {
            Files.createDirectories(folder);
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(
                            WINDOWS ? ProcessBuilder.Redirect.from(new File("NUL")) : ProcessBuilder.Redirect.PIPE)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            return new ChildProcess(name, builder.start(), log);
        } catch (IOException e) {
            throw new StartFailedException(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until it is ready.
     *
     * @param ready asked again and again
     * @return this
     * @throws StartFailedException if it ends before that or takes longer than the patience; with the end of its log
     */
    public ChildProcess await(BooleanSupplier ready, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!ready.getAsBoolean()) {
                if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS) && !ready.getAsBoolean()) {
                    throw new StartFailedException(
                            name + " ended with exit code " + process.exitValue() + " instead of starting. " + tail());
                }
                if (System.nanoTime() > deadline) {
                    close();
                    throw new StartFailedException(
                            name + " was not ready within " + patience.toSeconds() + " s. " + tail());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new StartFailedException("interrupted while " + name + " started", e);
        }
        return this;
    }

    /**
     * Waits until it has done its work and ended.
     *
     * @throws StartFailedException if it ends with an exit code other than 0 or takes longer than the patience
     */
    public void awaitSuccess(Duration patience) {
        await(() -> !isAlive(), patience);
        close();
        if (process.exitValue() != 0)
            throw new StartFailedException(name + " failed with exit code " + process.exitValue() + ". " + tail());
    }

    /** Whether its output holds a text so far. */
    public boolean hasLogged(String text) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its process id. */
    public long pid() {
        return process.pid();
    }

    /** Its exit code, waiting for its end. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** The file that its output goes to. */
    public Path log() {
        return log;
    }

    /** Kills it without a warning, as a power cut would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to end, and waits until it has ended. */
    @Override
    public void close() {
        end();
        RUNNING.remove(this);
    }

    private void end() {
        process.destroy();
        try {
            if (process.waitFor(PATIENCE_AT_CLOSE.toMillis(), TimeUnit.MILLISECONDS)) return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    private String tail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] end = new byte[(int) Math.min(file.length(), 8192)];
            file.seek(file.length() - end.length);
            file.readFully(end);
            List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
            return "The end of its log, " + log + ":\n  "
                    + String.join("\n  ", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "Its log, " + log + ", cannot be read.";
        }
    }
}
