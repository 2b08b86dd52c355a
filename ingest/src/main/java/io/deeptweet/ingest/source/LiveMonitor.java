// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.FeedListener;
import java.time.Duration;
import java.util.List;

/** Passes the state of a live source on to its feeds and to the metrics. */
record LiveMonitor(String source, List<ActiveFeed> feeds, FeedListener listener) implements SourceMonitor {
    @Override
    public void interrupted(Interruption interruption) {
        feeds.forEach(
                feed -> feed.interrupted(interruption.kind().label(), interruption.detail(), interruption.nextTry()));
    }

    @Override
    public void running() {
        feeds.forEach(ActiveFeed::run);
    }

    @Override
    public void event(String kind) {
        listener.event(source, kind);
    }

    @Override
    public void behind(Duration lag) {
        feeds.forEach(feed -> feed.behind(lag));
    }
}
