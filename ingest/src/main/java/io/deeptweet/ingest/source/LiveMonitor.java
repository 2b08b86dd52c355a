// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedListener;
import io.deeptweet.ingest.feed.SourceState;
import java.time.Duration;

/** Passes the state of a live source on to its feeds, which share it, and to the metrics. */
record LiveMonitor(String source, SourceState state, FeedListener listener) implements SourceMonitor {
    @Override
    public void interrupted(Interruption interruption) {
        state.interrupted(interruption.kind().label(), interruption.detail(), interruption.nextTry());
    }

    @Override
    public void running() {
        state.run();
    }

    @Override
    public void event(String kind) {
        listener.event(source, kind);
    }

    @Override
    public void behind(Duration lag) {
        state.behind(lag);
    }
}
