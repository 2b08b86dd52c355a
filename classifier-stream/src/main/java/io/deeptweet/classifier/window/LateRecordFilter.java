// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.time.Duration;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/**
 * Drops records whose window has closed, and reports how many tweets they hold. A window closes when stream time passes
 * its end plus grace.
 *
 * <p>Kafka Streams' own windows drop the same records, but lose the stream time at a restart: a late tweet would then
 * start its window again, and a count of 1 would replace the published one. This filter starts from the stream time
 * that Kafka Streams commits with the offsets.
 */
public final class LateRecordFilter
        extends ContextualFixedKeyProcessor<String, SentimentAggregate, SentimentAggregate> {
    /** Is notified of late tweets. */
    public interface Observer {
        /**
         * A record was dropped.
         *
         * @param size size of the window that has closed
         * @param tweets how many tweets the record holds
         */
        void late(Duration size, long tweets);
    }

    private final Duration size;
    private final long sizeMs;
    private final long graceMs;
    private final Observer observer;
    private long streamTime;

    /**
     * Creates a filter for windows of one size.
     *
     * @param size size of the tumbling windows, in whole ms
     * @param grace time after its end during which a window accepts records
     */
    public LateRecordFilter(Duration size, Duration grace, Observer observer) {
        this.size = size;
        this.sizeMs = size.toMillis();
        this.graceMs = grace.toMillis();
        this.observer = observer;
    }

    @Override
    public void init(FixedKeyProcessorContext<String, SentimentAggregate> context) {
        super.init(context);
        streamTime = context.currentStreamTimeMs(); // as committed; -1 at the first start
    }

    @Override
    public void process(FixedKeyRecord<String, SentimentAggregate> record) {
        streamTime = Math.max(streamTime, record.timestamp());
        long end = record.timestamp() - record.timestamp() % sizeMs + sizeMs;
        if (end + graceMs > streamTime) context().forward(record);
        else observer.late(size, record.value().count());
    }
}
