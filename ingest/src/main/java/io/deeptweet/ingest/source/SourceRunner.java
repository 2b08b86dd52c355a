// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedListener;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.SourceState;
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
    private final List<Running> sources = new CopyOnWriteArrayList<>();

    /**
     * Starts a source, which runs until it has no more records.
     *
     * @param kafka client settings
     * @param name by which Kafka knows its transactions: that of the source in the settings, or of its only feed
     * @param state of the source, which its feeds show
     * @param sinks of the feeds that it supplies
     * @param listener is told what a live source receives
     * @param fromBeginning whether to forget what earlier starts have published
     * @param commitInterval how long a record waits for its commit at most
     */
    public SourceHandle start(
            Map<String, Object> kafka,
            String name,
            SourceState state,
            List<FeedSink> sinks,
            FeedListener listener,
            TweetSource source,
            boolean fromBeginning,
            Duration commitInterval) {
        var connection = new SourceTransactions.Source(kafka, name, source.name(), instance);
        SourceMonitor monitor = new LiveMonitor(name, state, listener);
        SourceRun run = new SourceRun(connection, sinks, state, monitor, source, fromBeginning, commitInterval);
        Thread thread = new Thread(run, "feed-" + name);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, error) -> run.fail(error));
        Running running = new Running(run, thread);
        sources.add(running);
        thread.start();
        return running;
    }

    private final class Running implements SourceHandle {
        private final SourceRun run;
        private final Thread thread;

        Running(SourceRun run, Thread thread) {
            this.run = run;
            this.thread = thread;
        }

        @Override
        public void supply(List<FeedSink> feeds) {
            run.supply(feeds);
        }

        @Override
        public void close() {
            interrupt();
            join(deadline());
            sources.remove(this);
        }

        void interrupt() {
            run.stop();
            thread.interrupt();
        }

        void join(long deadline) {
            try {
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long deadline() {
        return System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    }

    /** Interrupts the sources, and waits up to 10 s until they have stopped. */
    @Override
    public void close() {
        sources.forEach(Running::interrupt);
        long deadline = deadline();
        sources.forEach(source -> source.join(deadline));
    }
}
