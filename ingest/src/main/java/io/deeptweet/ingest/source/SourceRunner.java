// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.FeedStatus;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/** Runs each source on a thread of its own, and keeps the state of its feed. */
public final class SourceRunner implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SourceRunner.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean closing;

    /** Starts a source, which runs until it has no more records. */
    public void start(ActiveFeed feed, TweetSource source) {
        Thread thread = new Thread(() -> run(feed, source), "feed-" + feed.name());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, error) -> fail(feed, error));
        threads.add(thread);
        thread.start();
    }

    private void run(ActiveFeed feed, TweetSource source) {
        LOG.infof("feed %s reads %s", feed.name(), UntrustedText.oneLine(source.describe()));
        try {
            // If the source fails, close() still waits for the acknowledgement of what it had read.
            try (SourceOutput output = new SourceOutput(feed.sink())) {
                source.run(output);
            }
            feed.finish();
            FeedStatus status = feed.status();
            LOG.infof(
                    "feed %s has finished: %d read, %d published, %d filtered by language, %d rejected",
                    feed.name(), status.read(), status.published(), status.filtered(), status.rejected());
        } catch (IOException | RuntimeException e) {
            if (!closing) fail(feed, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(ActiveFeed feed, Throwable thrown) {
        String detail = Optional.ofNullable(thrown.getMessage()).orElse(thrown.toString());
        feed.fail(detail);
        LOG.errorf("feed %s failed: %s", feed.name(), UntrustedText.oneLine(detail));
    }

    /** Interrupts the sources, and waits up to 5 s until they have stopped. */
    @Override
    public void close() {
        closing = true;
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
