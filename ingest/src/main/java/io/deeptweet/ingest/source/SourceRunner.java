// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.FeedListener;
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
     * @param name by which Kafka knows its transactions: that of the source in the settings, or of its only feed
     * @param feeds what it supplies; at least one
     * @param listener is told what a live source receives
     * @param fromBeginning whether to forget what earlier starts have published
     * @param commitInterval how long a record waits for its commit at most
     */
    public void start(
            Map<String, Object> kafka,
            String name,
            List<ActiveFeed> feeds,
            FeedListener listener,
            TweetSource source,
            boolean fromBeginning,
            Duration commitInterval) {
        var connection = new SourceTransactions.Source(kafka, name, source.name(), instance);
        SourceMonitor monitor = new LiveMonitor(name, feeds, listener);
        SourceRun run = new SourceRun(connection, feeds, monitor, source, fromBeginning, commitInterval);
        Thread thread = new Thread(run, "feed-" + name);
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
