// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A feed of this instance, with its sink and its state. Thread-safe. */
public final class ActiveFeed {
    private enum State {
        RUNNING,
        RETRYING,
        FINISHED,
        FAILED
    }

    private record Progress(State state, String detail, boolean outage, String reason, Optional<Instant> nextTry) {
        Progress(State state, String detail, boolean outage) {
            this(state, detail, outage, "", Optional.empty());
        }

        Progress(State state, String detail) {
            this(state, detail, false);
        }
    }

    private final FeedSink sink;
    private final String source;
    private final boolean pushed;
    private volatile Progress progress = new Progress(State.RUNNING, "");
    private volatile String resumedAfter = "";
    private volatile Optional<Duration> lag = Optional.empty();

    /** @param pushed whether it exists only because a request named it */
    ActiveFeed(FeedSink sink, String source, boolean pushed) {
        this.sink = sink;
        this.source = source;
        this.pushed = pushed;
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

    /**
     * The source continues where an earlier start of the service has stopped.
     *
     * @param position what had been published, for people, such as {@code 1,200 records}
     */
    public void resumeAfter(String position) {
        resumedAfter = position;
    }

    /** How long after the server the source has received what came last. */
    public void behind(Duration time) {
        lag = Optional.of(time);
    }

    /** The time of {@link #behind} in seconds; empty if the source is not live. */
    public Optional<Double> lagSeconds() {
        return lag.map(time -> time.toMillis() / 1e3);
    }

    /** The source reads. */
    public void run() {
        progress = new Progress(State.RUNNING, "");
    }

    /**
     * The source is tried again, because it does not answer, or Kafka does not take its records.
     *
     * @param detail why, in a sentence
     * @param outage whether Kafka or the registry does not answer; otherwise one of them refuses this feed
     */
    public void retry(String detail, boolean outage) {
        progress = new Progress(State.RETRYING, detail, outage);
    }

    /**
     * Its live source receives nothing, and connects again.
     *
     * @param reason one of few, such as {@code quiet}
     * @param detail why, in a sentence
     * @param nextTry when it connects again
     */
    public void interrupted(String reason, String detail, Instant nextTry) {
        progress = new Progress(State.RETRYING, detail, false, reason, Optional.of(nextTry));
    }

    /** Whether {@link #interrupted} told this reason last. */
    public boolean isInterruptedBy(String reason) {
        return progress.reason().equals(reason);
    }

    /** The source has reached its end. */
    public void finish() {
        progress = new Progress(State.FINISHED, "");
    }

    /**
     * The source cannot continue.
     *
     * @param detail why, in a sentence
     */
    public void fail(String detail) {
        progress = new Progress(State.FAILED, detail);
    }

    /** Whether its source reads nothing because of a failure, which may pass. */
    public boolean hasFailed() {
        State state = progress.state();
        return state == State.FAILED || state == State.RETRYING;
    }

    /** Whether its source publishes records now. */
    boolean isPublishing() {
        return !pushed && progress.state() == State.RUNNING;
    }

    /** Why neither its source nor any other client can use Kafka or the registry; empty if it can. */
    Optional<String> outage() {
        Progress now = progress;
        return now.state() == State.RETRYING && now.outage() ? Optional.of(now.detail()) : Optional.empty();
    }

    public FeedStatus status() {
        Progress now = progress; // before the counts: a finished feed's counts do not change any more
        return new FeedStatus(
                name(),
                source,
                now.state().name().toLowerCase(Locale.ROOT),
                sink.read(),
                sink.published(),
                sink.filtered(),
                sink.rejected(),
                sink.skipped(),
                now.reason(),
                now.nextTry().orElse(null),
                now.detail(),
                resumedAfter,
                lagSeconds().map(lag -> Math.round(lag * 1e3) / 1e3).orElse(null));
    }
}
