// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A Java program in a JVM of its own. It ends with ours, even where ours is killed (except on Windows).
 *
 * <p>Its output goes to a log file. Closing asks it to end, waits, and kills it if it does not.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOG_PATIENCE = Duration.ofSeconds(5);
    private static final int LOG_LINES = 12;
    private static final Pattern ERROR = Pattern.compile("\\b(ERROR|FATAL|Caused by:)");
    private static final int ERROR_LINES = 4;
    private static final boolean WINDOWS = System.getProperty("os.name").startsWith("Windows");

    /**
     * Runs a program that only we end. Ctrl-C and a closed terminal reach every process at once, but ours must end the
     * others in order: so the program ignores both. If ours is killed it cannot end them, but the pipe that only ours
     * holds open closes, and the shell that reads from it ends the program, a frozen one too.
     */
    private static final String WATCH_PARENT =
            "trap '' INT HUP; exec 3<&0 </dev/null; { read -r line <&3; kill $$; kill -CONT $$; } >/dev/null 2>&1 &"
                    + " exec \"$@\" 3<&-";

    /** Those that run, the last started first: they end in this order, because later ones use earlier ones. */
    private static final Deque<ChildProcess> RUNNING = new ConcurrentLinkedDeque<>();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(ChildProcess::end), "stop child processes"));
    }

    private final String name;
    private final Process process;
    private final Path log;
    private final Optional<Thread> copying;

    private ChildProcess(String name, Process process, Path log, Optional<RotatingLog> output) {
        this.name = name;
        this.process = process;
        this.log = log;
        this.copying = output.map(copy -> new Thread(copy, "log of " + name));
        copying.ifPresent(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        RUNNING.addFirst(this);
    }

    /**
     * Starts a program on the JDK that runs us.
     *
     * @param name what messages call it, such as {@code the Kafka broker}
     * @param arguments of {@code java}: JVM options, main class or jar, program arguments
     * @param environment variables to add to ours; secrets belong here, because a command line is visible to others
     * @param folder its working folder; created if missing
     * @param log where its output goes; overwritten
     * @throws StartFailedException if it cannot be started
     */
    public static ChildProcess java(
            String name, List<String> arguments, Map<String, String> environment, Path folder, Path log) {
        return java(name, arguments, environment, folder, log, LogLimit.NONE);
    }

    /** As {@link #java(String, List, Map, Path, Path)}, with a limit for the log. */
    public static ChildProcess java(
            String name,
            List<String> arguments,
            Map<String, String> environment,
            Path folder,
            Path log,
            LogLimit limit) {
        // Without a limit the program writes the file itself, and goes on if this process is frozen.
        Optional<LogLimit> copied = Optional.of(limit).filter(chosen -> !chosen.equals(LogLimit.NONE));
        return start(
                name,
                List.of(),
                arguments,
                environment,
                folder,
                log,
                copied.isPresent() ? ProcessBuilder.Redirect.PIPE : ProcessBuilder.Redirect.to(log.toFile()),
                copied);
    }

    /** As {@link #java}, with the lowest priority and without its output. */
    static ChildProcess javaInBackground(String name, List<String> arguments, Path folder) {
        return start(
                name,
                List.of("nice", "-n", "19"),
                arguments,
                Map.of(),
                folder,
                folder,
                ProcessBuilder.Redirect.DISCARD,
                Optional.empty());
    }

    private static ChildProcess start(
            String name,
            List<String> runner,
            List<String> arguments,
            Map<String, String> environment,
            Path folder,
            Path log,
            ProcessBuilder.Redirect output,
            Optional<LogLimit> copied) {
        List<String> command = new ArrayList<>();
        if (!WINDOWS) {
            command.addAll(List.of("/bin/sh", "-c", WATCH_PARENT, "sh"));
            command.addAll(runner);
        }
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
                    .redirectOutput(output);
            builder.environment().putAll(environment);
            Process process = builder.start();
            Optional<RotatingLog> copy = copied.isPresent()
                    ? Optional.of(new RotatingLog(process.getInputStream(), log, copied.get()))
                    : Optional.empty();
            return new ChildProcess(name, process, log, copy);
        } catch (IOException e) {
            throw new StartFailedException(name + " cannot be started: " + e.getMessage(), e);
        }
    }

    /**
     * Waits until it is ready.
     *
     * @param ready asked again and again
     * @return this
     * @throws StartFailedException if it ends before that or takes longer than the patience; with errors and end of its
     *     log
     */
    public ChildProcess await(BooleanSupplier ready, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!isReady(ready)) {
                if (System.nanoTime() > deadline) {
                    close();
                    throw notReadyWithin(patience);
                }
                process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new StartFailedException("interrupted while " + name + " started", e);
        }
        return this;
    }

    /**
     * Whether it is ready, without waiting.
     *
     * @throws StartFailedException if it has ended and is not ready; with errors and end of its log
     */
    public boolean isReady(BooleanSupplier ready) {
        boolean ended = !process.isAlive(); // asked first: it may become ready and then end
        if (ready.getAsBoolean()) return true;
        if (!ended) return false;
        awaitLog();
        throw new StartFailedException(
                name + " ended with exit code " + process.exitValue()
                        + " instead of starting; errors and end of its log, " + log + ":",
                decidingLogLines());
    }

    /** The failure of a process that took longer to start than the patience, with errors and end of its log. */
    public StartFailedException notReadyWithin(Duration patience) {
        return new StartFailedException(
                name + " was not ready within " + patience.toSeconds() + " s; errors and end of its log, " + log + ":",
                decidingLogLines());
    }

    /** Whether its output contains a text so far. */
    public boolean hasLogged(String text) {
        try {
            for (Path file : RotatingLog.files(log))
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) return true;
            return false;
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

    /** Waits for its end, and returns its exit code. */
    public int waitFor() throws InterruptedException {
        int code = process.waitFor();
        awaitLog();
        return code;
    }

    /** Waits until the output of the ended process is in its log. */
    private void awaitLog() {
        copying.ifPresent(thread -> {
            try {
                thread.join(LOG_PATIENCE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The file that its output goes to; with a limit, the newest of them. */
    public Path log() {
        return log;
    }

    /** Kills it without a warning, as a power failure would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
        awaitLog();
    }

    /**
     * Stops it in the middle of what it does ({@code SIGSTOP}), as a long pause of the garbage collector or of a
     * virtual machine would. Not on Windows.
     */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on after {@link #freeze}. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new StartFailedException(name + " cannot be sent a signal: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
            if (process.waitFor(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                awaitLog();
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** The first errors, because a server that stops for one logs much after it; and the end. */
    private List<String> decidingLogLines() {
        List<String> lines = new ArrayList<>();
        Deque<String> end = new ArrayDeque<>();
        try {
            for (Path file : RotatingLog.files(log)) {
                try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
                    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                        end.addLast(line);
                        if (end.size() <= LOG_LINES) continue;
                        String old = end.removeFirst();
                        if (lines.size() < ERROR_LINES && ERROR.matcher(old).find()) lines.add(old);
                    }
                }
            }
        } catch (IOException e) {
            return List.of("(it cannot be read: " + e.getMessage() + ")");
        }
        if (!lines.isEmpty()) lines.add("...");
        lines.addAll(end);
        return lines;
    }
}
