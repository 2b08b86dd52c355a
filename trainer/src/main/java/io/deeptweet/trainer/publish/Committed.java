// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads topics without a group, up to the last committed transaction. */
public final class Committed {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Committed() {}

    /** A consumer that is to be assigned its partitions. */
    public static Consumer<byte[], byte[]> consumer(Map<String, ?> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        // These are ours to set, whatever a shared properties file says.
        for (String other : List.of("key.deserializer", "value.deserializer", "group.id", "group.protocol"))
            settings.remove(other);
        settings.putAll(Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A topic's partitions.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     */
    public static List<TopicPartition> partitions(Consumer<?, ?> consumer, Topic topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
        if (partitions.isEmpty())
            throw new UnknownTopicOrPartitionException(
                    "there is no topic " + topic + ": start the trainer, which creates it");
        return partitions;
    }

    /**
     * Reads what a topic holds now.
     *
     * @param most how many records of each partition are read, the last ones; about, for markers of transactions count
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer or the topic does not exist
     */
    public static void read(
            Map<String, ?> kafka,
            Topic topic,
            long most,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (Consumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            partitions.forEach(
                    partition -> consumer.seek(partition, Math.max(starts.get(partition), ends.get(partition) - most)));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                    each.accept(record);
                }
                if (System.nanoTime() > deadline)
                    throw new TimeoutException("no more records of " + topic + " came for " + PATIENCE);
            }
        }
    }
}
