// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How many records of {@code tweets.raw} the application has not committed, those of other instances among them; asked
 * every 5 s. Thread-safe.
 */
public final class GroupLag implements AutoCloseable {
    private static final Duration ASKED_EVERY = Duration.ofSeconds(5);

    private final ReaderThread<byte[]> thread;
    private volatile OptionalLong lag = OptionalLong.empty();

    /**
     * @param kafka client settings
     * @param applicationId name of the consumer group
     */
    public GroupLag(Map<String, Object> kafka, String applicationId) {
        thread = new ReaderThread<>(
                "group-lag",
                "the lag of the group " + applicationId + " cannot be read",
                new Backoff(),
                () -> consumer(kafka, applicationId),
                this::ask);
    }

    /** It has the group's id only to ask for its offsets, and never joins it. */
    private static Consumer<byte[], byte[]> consumer(Map<String, Object> kafka, String applicationId) {
        Map<String, Object> settings = new HashMap<>(CommittedReader.settings(kafka));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, applicationId);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    public void start() {
        thread.start();
    }

    /** Returns the number of records; empty until it is known, and while it cannot be asked. */
    public OptionalLong get() {
        return thread.fault().isPresent() ? OptionalLong.empty() : lag;
    }

    @Override
    public void close() {
        thread.close();
    }

    private void ask(Consumer<byte[], byte[]> consumer) {
        while (!thread.isClosing()) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.RAW);
            consumer.assign(partitions); // else each answer about their ends is a warning in the log
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            long sum = 0;
            for (Map.Entry<TopicPartition, Long> end :
                    consumer.endOffsets(partitions).entrySet()) {
                OffsetAndMetadata done = committed.get(end.getKey());
                sum += Math.max(0, end.getValue() - (done == null ? begins.get(end.getKey()) : done.offset()));
            }
            lag = OptionalLong.of(sum);
            thread.succeeded();
            thread.await(ASKED_EVERY);
        }
    }
}
