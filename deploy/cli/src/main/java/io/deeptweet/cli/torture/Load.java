// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.local.StartFailedException;
import java.time.Duration;
import java.util.Optional;

/** Does something again and again in a thread of its own, until it is stopped between two times. */
final class Load implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    /** What is done. */
    interface Step {
        void run() throws InterruptedException;
    }

    private final String name;
    private final Thread thread;
    private volatile boolean stopping;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    /**
     * Starts it.
     *
     * @param pause between the end of one time and the start of the next
     */
    Load(String name, Duration pause, Step step) {
        this.name = name;
        thread = new Thread(() -> repeat(pause, step), name);
        thread.setDaemon(true);
        thread.start();
    }

    private void repeat(Duration pause, Step step) {
        try {
            while (!stopping) {
                step.run();
                Thread.sleep(pause.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    /** Fails if it has failed. */
    void requireAlive() {
        failure.ifPresent(cause -> {
            throw new IllegalStateException("the " + name + " failed: " + cause.getMessage(), cause);
        });
    }

    /**
     * Stops it when what it does now is done.
     *
     * @throws StartFailedException if that takes too long
     */
    void finish() throws InterruptedException {
        stopping = true;
        thread.join(PATIENCE.toMillis());
        requireAlive();
        if (thread.isAlive())
            throw new StartFailedException(
                    "the " + name + " got no answer within " + PATIENCE.toMinutes() + " min after the last cycle");
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
