// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A feed of this instance, with its sink and the state of its source. Thread-safe. */
public final class ActiveFeed {
    private static final String PAUSED = "paused";

    private final FeedSink sink;
    private final String source;
    private final boolean pushed;
    private final SourceState state;
    private volatile boolean paused;

    /**
     * @param source where its tweets come from, for people to read
     * @param pushed whether it exists only because a request named it
     */
    ActiveFeed(FeedSink sink, String source, boolean pushed, SourceState state) {
        this.sink = sink;
        this.source = source;
        this.pushed = pushed;
        this.state = state;
    }

    /** Whether it exists only because a request named it. */
    public boolean isPushed() {
        return pushed;
    }

    public String name() {
        return sink.feed().name();
    }

    /** Where the feed's records go. */
    public FeedSink sink() {
        return sink;
    }

    /** Whether its source gives it nothing for now. The caller takes its sink from the source. */
    public void pause(boolean whether) {
        paused = whether;
    }

    /** How long after the server its source has received what came last, in seconds; empty if it is not live. */
    public Optional<Double> lagSeconds() {
        return paused ? Optional.empty() : state.lag().map(ActiveFeed::seconds);
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }

    /** Whether its live source receives nothing for this reason, such as {@code quiet}. */
    public boolean isInterruptedBy(String reason) {
        return !paused && state.now().reason().equals(reason);
    }

    /** Seconds until its interrupted live source is tried again, 0 or more; empty if it is not interrupted. */
    public Optional<Double> secondsToNextTry() {
        if (paused) return Optional.empty();
        return state.now()
                .nextTry()
                .map(time -> seconds(Duration.between(Instant.now(), time)))
                .map(seconds -> Math.max(0, seconds));
    }

    /** Whether its source reads nothing because of a failure, which may pass. */
    public boolean hasFailed() {
        return !paused && state.now().hasFailed();
    }

    /** Whether its source publishes records now. */
    boolean isPublishing() {
        return !pushed && !paused && state.now().isRunning();
    }

    /** Why neither its source nor any other client can use Kafka or the registry; empty if it can. */
    Optional<String> outage() {
        SourceState.Now now = state.now();
        return !paused && now.isRetrying() && now.outage() ? Optional.of(now.detail()) : Optional.empty();
    }

    public FeedStatus status() {
        SourceState.Now now = // before the counts: a finished feed's counts do not change any more
                paused ? new SourceState.Now(PAUSED, "", false, "", Optional.empty()) : state.now();
        return new FeedStatus(
                name(),
                source,
                sink.feed().rule().toString(),
                sink.feed().languages().toString(),
                now.state(),
                sink.read(),
                sink.published(),
                sink.filtered(),
                sink.rejected(),
                sink.skipped(),
                now.reason(),
                now.nextTry().orElse(null),
                now.detail(),
                state.resumedAfter(),
                lagSeconds().orElse(null));
    }
}
