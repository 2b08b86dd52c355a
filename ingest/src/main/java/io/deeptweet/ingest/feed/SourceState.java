// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The state of a source, which all of its feeds show. Thread-safe. */
public final class SourceState {
    private static final String RUNNING = "running";
    private static final String RETRYING = "retrying";
    private static final String FINISHED = "finished";
    private static final String FAILED = "failed";

    /**
     * The state at one moment.
     *
     * @param state {@code running}, {@code retrying}, {@code finished} or {@code failed}
     * @param detail why it does not run, in a sentence; empty otherwise
     * @param outage whether Kafka or the registry does not answer
     * @param reason kind of an interruption; empty otherwise
     * @param nextTry when an interrupted source is tried again
     */
    record Now(String state, String detail, boolean outage, String reason, Optional<Instant> nextTry) {
        private Now(String state, String detail, boolean outage) {
            this(state, detail, outage, "", Optional.empty());
        }

        boolean isRunning() {
            return state.equals(RUNNING);
        }

        boolean isRetrying() {
            return state.equals(RETRYING);
        }

        boolean hasFailed() {
            return isRetrying() || state.equals(FAILED);
        }
    }

    private volatile Now now = new Now(RUNNING, "", false);
    private volatile String resumedAfter = "";
    private volatile Optional<Duration> lag = Optional.empty();

    /** The source starts anew: nothing of an earlier run counts. */
    public void start() {
        run();
        resumedAfter = "";
        lag = Optional.empty();
    }

    /**
     * The source continues where an earlier run has stopped.
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

    /** The source reads. */
    public void run() {
        now = new Now(RUNNING, "", false);
    }

    /**
     * The source is tried again, because it does not answer, or Kafka does not take its records.
     *
     * @param detail why, in a sentence
     * @param outage whether Kafka or the registry does not answer; otherwise one of them refuses this source
     */
    public void retry(String detail, boolean outage) {
        now = new Now(RETRYING, detail, outage);
    }

    /**
     * A live source receives nothing, and connects again.
     *
     * @param reason one of few, such as {@code quiet}
     * @param detail why, in a sentence
     * @param nextTry when it connects again
     */
    public void interrupted(String reason, String detail, Instant nextTry) {
        now = new Now(RETRYING, detail, false, reason, Optional.of(nextTry));
    }

    /** The source has reached its end. */
    public void finish() {
        now = new Now(FINISHED, "", false);
    }

    /**
     * The source cannot continue.
     *
     * @param detail why, in a sentence
     */
    public void fail(String detail) {
        now = new Now(FAILED, detail, false);
    }

    /** The time of {@link #behind}; empty if the source is not live. */
    Optional<Duration> lag() {
        return lag;
    }

    String resumedAfter() {
        return resumedAfter;
    }

    Now now() {
        return now;
    }
}
