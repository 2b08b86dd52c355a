// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.publish.SourceTransactions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Runs each source on a thread of its own. */
public final class SourceRunner implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final String instance = UUID.randomUUID().toString();
    private final List<SourceRun> runs = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /**
     * Starts a source, which runs until it has no more records.
     *
     * @param kafka client settings
     * @param fromBeginning whether to forget what earlier starts have published
     * @param commitInterval how long a record waits for its commit at most
     */
    public void start(
            Map<String, Object> kafka,
            ActiveFeed feed,
            TweetSource source,
            boolean fromBeginning,
            Duration commitInterval) {
        var connection = new SourceTransactions.Source(kafka, feed.name(), source.name(), instance);
        SourceRun run = new SourceRun(connection, feed, source, fromBeginning, commitInterval);
        Thread thread = new Thread(run, "feed-" + feed.name());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, error) -> run.fail(error));
        runs.add(run);
        threads.add(thread);
        thread.start();
    }

    /** Interrupts the sources, and waits up to 10 s until they have stopped. */
    @Override
    public void close() {
        runs.forEach(SourceRun::stop);
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        try {
            for (Thread thread : threads)
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
