// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.window.FeedWindow;
import io.deeptweet.classifier.window.WindowUpdate;
import io.deeptweet.schemas.DriftWindow;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Measures the drift of a feed's window each time the window changes. */
public final class DriftProcessor extends ContextualProcessor<FeedWindow, WindowUpdate, String, DriftWindow> {
    /** Is notified of the drift of the feeds that this instance measures. */
    public interface Observer {
        void drift(DriftWindow window);

        /** Another instance measures this feed from now on. */
        void driftEnds(String feed);
    }

    /** Names of feeds come from whoever may write tweets. */
    private static final int MOST_FEEDS = 10_000;

    private final ModelReferences references;
    private final DriftThresholds thresholds;
    private final Observer observer;
    private final Set<String> feeds = new HashSet<>();

    public DriftProcessor(ModelReferences references, DriftThresholds thresholds, Observer observer) {
        this.references = references;
        this.thresholds = thresholds;
        this.observer = observer;
    }

    @Override
    public void process(Record<FeedWindow, WindowUpdate> record) {
        String feed = record.key().feed();
        Instant start = record.key().start();
        DriftWindow window = thresholds.judge(feed, start, record.value().sum(), references);
        context()
                .forward(record.withKey(feed + "/" + thresholds.window() + "/" + start)
                        .withValue(window));
        if (feeds.size() >= MOST_FEEDS) endAll(); // their next windows report them again
        feeds.add(feed);
        observer.drift(window);
    }

    @Override
    public void close() {
        endAll();
    }

    private void endAll() {
        feeds.forEach(observer::driftEnds);
        feeds.clear();
    }
}
