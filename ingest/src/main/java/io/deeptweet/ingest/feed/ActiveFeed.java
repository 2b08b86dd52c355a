// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.util.Locale;

/** A feed of this instance, with its sink and its state. Thread-safe. */
public final class ActiveFeed {
    private enum State {
        RUNNING,
        FINISHED,
        FAILED
    }

    private record Progress(State state, String detail) {}

    private final FeedSink sink;
    private final String source;
    private volatile Progress progress = new Progress(State.RUNNING, "");

    ActiveFeed(FeedSink sink, String source) {
        this.sink = sink;
        this.source = source;
    }

    public String name() {
        return sink.feed().name();
    }

    /** Where the feed's records go. */
    public FeedSink sink() {
        return sink;
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

    public boolean hasFailed() {
        return progress.state() == State.FAILED;
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
                now.detail());
    }
}
