// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.ClassDataArchive;
import io.deeptweet.local.StartFailedException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The processes that run, and what else must be cleared away. They start side by side, and end one after the other, the
 * last started first.
 *
 * <p>May be stopped from another thread at any time, such as by Ctrl-C during the start.
 */
final class Stack {
    /** Long, for a slow machine: they all start at once. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * A process.
     *
     * @param address where it is reached
     * @param ready whether it is ready, asked again and again
     */
    record Part(
            String name,
            String address,
            ChildProcess process,
            BooleanSupplier ready,
            Optional<ClassDataArchive> classData,
            AutoCloseable closing) {}

    private record Closing(String name, AutoCloseable action) {}

    private final Consumer<Part> whenReady;
    private final Deque<Closing> closings = new ArrayDeque<>();
    private final List<Part> parts = new ArrayList<>();
    private final List<Part> starting = new ArrayList<>();
    private boolean stopped;

    /** @param whenReady told of each process as soon as it is ready */
    Stack(Consumer<Part> whenReady) {
        this.whenReady = whenReady;
    }

    /** Adds a process that has been started. */
    synchronized void add(Part part) {
        onStop(part.name(), part.closing());
        parts.add(part);
        starting.add(part);
    }

    /** Adds something to do when all that is added later has ended. */
    synchronized void onStop(String name, AutoCloseable action) {
        Closing closing = new Closing(name, action);
        if (stopped) {
            close(closing);
            throw new StartFailedException("stopped");
        }
        closings.push(closing);
    }

    /** Waits until a process is ready, and reports meanwhile others that become ready. */
    void awaitReady(Part wanted) throws InterruptedException {
        await(() -> !starting.contains(wanted));
    }

    /**
     * Waits until all processes are ready.
     *
     * @throws StartFailedException if one ends, or takes too long
     */
    void awaitAllReady() throws InterruptedException {
        await(starting::isEmpty);
    }

    private void await(BooleanSupplier done) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            requireAllAlive();
            for (Part part : List.copyOf(starting)) {
                if (!part.process().isReady(part.ready())) continue;
                starting.remove(part);
                whenReady.accept(part);
            }
            if (done.getAsBoolean()) return;
            if (System.nanoTime() > deadline) throw starting.get(0).process().notReadyWithin(PATIENCE);
            Thread.sleep(POLL.toMillis());
        }
    }

    /** Fails if a process that was ready has ended. */
    void requireAllAlive() {
        for (Part part : parts)
            if (!starting.contains(part) && !part.process().isAlive())
                throw new StartFailedException(part.name() + " ended by itself: see its log, "
                        + part.process().log() + " (kept only with --data DIR)");
    }

    /** The class data archives of the processes. */
    List<ClassDataArchive> classData() {
        return parts.stream().map(Part::classData).flatMap(Optional::stream).toList();
    }

    /** Whether {@link #stop} was called; answers only when that is done. */
    synchronized boolean isStopped() {
        return stopped;
    }

    /**
     * Ends the processes, the last started first.
     *
     * @param announce told of their names, in this order
     */
    synchronized void stop(Consumer<String> announce) {
        if (stopped) return;
        stopped = true;
        List<String> names = new ArrayList<>(parts.stream().map(Part::name).toList());
        Collections.reverse(names);
        if (!names.isEmpty()) announce.accept(String.join(", ", names));
        while (!closings.isEmpty()) close(closings.pop());
    }

    private static void close(Closing closing) {
        try {
            closing.action().close();
        } catch (Exception e) {
            System.err.println("deeptweet up: the " + closing.name() + " cannot be cleared away: " + e);
        }
    }
}
