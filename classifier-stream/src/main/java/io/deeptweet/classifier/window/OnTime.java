// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Lets through what still finds its window open, which is until the stream's time has passed the window's end by the
 * grace, and counts what does not.
 *
 * <p>Kafka's own windows drop the same tweets, but forget the stream's time at a restart: a late tweet would then begin
 * the window anew and replace the published one by a count of 1. Here it is taken from what Kafka Streams commits with
 * the offsets.
 */
public final class OnTime extends ContextualFixedKeyProcessor<String, SentimentAggregate, SentimentAggregate> {
    /** Told of tweets that came too late for their window of a size. */
    public interface Observer {
        void late(Duration size, long tweets);
    }

    private final Duration size;
    private final long sizeMs;
    private final long graceMs;
    private final Observer observer;
    private long streamTime;

    public OnTime(Duration size, Duration grace, Observer observer) {
        this.size = size;
        this.sizeMs = size.toMillis();
        this.graceMs = grace.toMillis();
        this.observer = observer;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, SentimentAggregate> context) {
        super.init(context);
        streamTime = context.currentStreamTimeMs(); // as committed; -1 at the very first start
    }

    @Override
    public void process(FixedKeyRecord<String, SentimentAggregate> record) {
        streamTime = Math.max(streamTime, record.timestamp());
        long end = record.timestamp() - record.timestamp() % sizeMs + sizeMs;
        if (end + graceMs > streamTime) context().forward(record);
        else observer.late(size, record.value().count());
    }
}
