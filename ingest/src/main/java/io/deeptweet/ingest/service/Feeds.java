// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedIntake;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.publish.TweetPublisher;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.schemas.reject.Rejection;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * The feeds of this instance: those that have a source, each on a thread of its own, and those that tweets are pushed
 * to.
 */
@Singleton
@Path("/feeds")
public class Feeds implements FeedIntake.Observer {
    private static final Logger LOG = Logger.getLogger(Feeds.class);
    /** Feeds that strangers may create by naming them; each has metrics of its own. */
    private static final int MOST_FEEDS = 1000;

    private static final Duration PATIENCE_AT_STOP = Duration.ofSeconds(5);

    private final MeterRegistry meters;
    private final Map<String, Running> feeds = new ConcurrentHashMap<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    @Inject
    Feeds(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * What a feed does.
     *
     * @param source where its tweets come from; {@code push} if they are pushed
     * @param state {@code running}, {@code finished} or {@code failed}
     * @param read records read: published, filtered, rejected, and those on their way to Kafka
     * @param published tweets that Kafka has acknowledged
     * @param filtered tweets left out for their language
     * @param rejected records on {@code tweets.rejected}
     * @param detail why it failed; empty if it did not
     */
    public record FeedStatus(
            String feed,
            String source,
            String state,
            long read,
            long published,
            long filtered,
            long rejected,
            String detail) {}

    private enum State {
        RUNNING,
        FINISHED,
        FAILED
    }

    private static final class Running {
        final FeedIntake intake;
        final String source;
        volatile State state = State.RUNNING;
        volatile String detail = "";

        Running(FeedIntake intake, String source) {
            this.intake = intake;
            this.source = source;
        }
    }

    /** Runs a source until it has no more, on a thread of its own. */
    void start(Feed feed, TweetSource source, TweetPublisher publisher) {
        Running running = added(feed, source.describe(), publisher);
        Thread thread = new Thread(() -> run(feed, source, running), "feed-" + feed.name());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((itself, error) -> fail(feed, running, error));
        threads.add(thread);
        thread.start();
    }

    private void run(Feed feed, TweetSource source, Running running) {
        try {
            LOG.infof("feed %s reads %s", feed.name(), source.describe());
            source.run(running.intake);
            running.state = State.FINISHED;
            LOG.infof(
                    "feed %s is at its end: %d read, %d published, %d filtered by language, %d rejected",
                    feed.name(),
                    running.intake.read(),
                    running.intake.published(),
                    running.intake.filtered(),
                    running.intake.rejected());
        } catch (IOException | RuntimeException e) {
            if (!stopping) fail(feed, running, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void fail(Feed feed, Running running, Throwable e) {
        running.detail = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        running.state = State.FAILED;
        LOG.errorf("feed %s failed: %s", feed.name(), running.detail);
    }

    /** Makes the sources stop reading, and waits until they have. */
    void stop() {
        stopping = true;
        threads.forEach(Thread::interrupt);
        long deadline = System.nanoTime() + PATIENCE_AT_STOP.toNanos();
        try {
            for (Thread thread : threads)
                thread.join(Math.max(
                        1, Duration.ofNanos(deadline - System.nanoTime()).toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Running added(Feed feed, String source, TweetPublisher publisher) {
        return feeds.computeIfAbsent(feed.name(), name -> {
            Running running = new Running(new FeedIntake(feed, publisher, this), source);
            meters.gauge(
                    "deeptweet.feed.failed",
                    Tags.of("feed", name),
                    running,
                    itself -> itself.state == State.FAILED ? 1 : 0);
            return running;
        });
    }

    /** The intake of a feed that tweets are pushed to; empty if there may be no more feeds. */
    Optional<FeedIntake> pushed(String name, LanguageFilter languages, TweetPublisher publisher) {
        if (!feeds.containsKey(name) && feeds.size() >= MOST_FEEDS) return Optional.empty();
        return Optional.of(added(new Feed(name, languages), "push", publisher).intake);
    }

    /** All feeds, by name. */
    @GET
    public List<FeedStatus> list() {
        return new TreeMap<>(feeds)
                .entrySet().stream()
                        .map(entry -> {
                            Running feed = entry.getValue();
                            FeedIntake intake = feed.intake;
                            // State first: a feed that is finished has the counts that follow.
                            String state = feed.state.name().toLowerCase(Locale.ROOT);
                            return new FeedStatus(
                                    entry.getKey(),
                                    feed.source,
                                    state,
                                    intake.read(),
                                    intake.published(),
                                    intake.filtered(),
                                    intake.rejected(),
                                    feed.detail);
                        })
                        .toList();
    }

    @Override
    public void published(String feed) {
        meters.counter("deeptweet.ingested", "feed", feed).increment();
    }

    @Override
    public void filtered(String feed) {
        meters.counter("deeptweet.filtered", "feed", feed).increment();
    }

    @Override
    public void rejected(String feed, Rejection.Reason reason) {
        meters.counter("deeptweet.rejected", "feed", feed, "reason", reason.code())
                .increment();
    }
}
