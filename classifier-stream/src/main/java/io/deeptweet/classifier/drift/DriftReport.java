// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.schemas.DriftWindow;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/** Judges each window of a feed as it grows, and tells of it. */
public final class DriftReport extends ContextualProcessor<Windowed<String>, SentimentAggregate, String, DriftWindow> {
    /** Told of each feed's drift for as long as this instance measures it. */
    public interface Observer {
        void drift(DriftWindow window);

        /** Another instance measures this feed from now on. */
        void driftEnds(String feed);
    }

    private final ReferenceScores references;
    private final DriftLimits limits;
    private final Observer observer;
    private final Set<String> feeds = new HashSet<>();

    public DriftReport(ReferenceScores references, DriftLimits limits, Observer observer) {
        this.references = references;
        this.limits = limits;
        this.observer = observer;
    }

    @Override
    public void process(Record<Windowed<String>, SentimentAggregate> record) {
        String feed = record.key().key();
        Instant start = record.key().window().startTime();
        DriftWindow window = limits.judge(feed, start, record.value(), references);
        context()
                .forward(record.withKey(feed + "/" + limits.window() + "/" + start)
                        .withValue(window));
        feeds.add(feed);
        observer.drift(window);
    }

    @Override
    public void close() {
        feeds.forEach(observer::driftEnds);
    }
}
