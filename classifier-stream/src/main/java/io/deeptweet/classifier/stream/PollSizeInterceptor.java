// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import io.deeptweet.schemas.topic.Topics;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Reports how many tweets each poll of a stream thread returns. */
public final class PollSizeInterceptor implements ConsumerInterceptor<byte[], byte[]> {
    /** Consumer setting that holds the {@link Observer}, because Kafka creates interceptors by reflection. */
    static final String OBSERVER = "deeptweet.poll.observer";

    /** Is notified of each poll that returns tweets. */
    public interface Observer {
        void polled(int records);
    }

    private Observer observer;

    @Override
    public void configure(Map<String, ?> configs) {
        observer = (Observer) configs.get(OBSERVER);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        int tweets = 0;
        for (TopicPartition partition : records.partitions())
            if (partition.topic().equals(Topics.RAW.name()))
                tweets += records.records(partition).size();
        if (tweets > 0) observer.polled(tweets);
        return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
