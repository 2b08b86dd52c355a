// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Decides which of several trainers is active: the one to which their consumer group assigns the only partition of
 * {@code sentiment.rounds}. Nothing is consumed from that partition.
 *
 * <p>The active trainer commits as a member of the group. One that the group has removed, such as after a long pause,
 * can no longer commit. Not thread-safe.
 */
final class TrainerLease implements AutoCloseable {
    /** The consumer group. Its offsets are those of the labels that rounds have consumed. */
    static final String GROUP = "deeptweet-trainer";

    private static final TopicPartition PARTITION = new TopicPartition(Topics.ROUNDS.name(), 0);
    /** How long it takes until another trainer replaces one that was killed. */
    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    private final Consumer<byte[], byte[]> consumer;

    /**
     * Joins the group with the first {@link #poll}.
     *
     * @param kafka client settings: {@code bootstrap.servers}, security; {@code session.timeout.ms} (default 10 s)
     */
    TrainerLease(Map<String, Object> kafka) {
        consumer = new KafkaConsumer<>(settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(Set.of(PARTITION.topic()), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                consumer.pause(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}
        });
    }

    private static Map<String, Object> settings(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION_TIMEOUT.toMillis());
        // A shared properties file may set these for other clients.
        List.of("key.deserializer", "value.deserializer", ConsumerConfig.GROUP_INSTANCE_ID_CONFIG)
                .forEach(settings::remove);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, GROUP);
        settings.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // The active trainer stays active when another one joins.
        settings.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }

    /**
     * Takes part in the group; to be called often, at least every {@code max.poll.interval.ms}.
     *
     * @return whether this trainer is the active one
     * @throws KafkaException if the broker refuses
     */
    boolean poll(Duration wait) {
        consumer.poll(wait);
        return consumer.assignment().contains(PARTITION);
    }

    /** Whether this trainer is a member of the group, active or not. */
    boolean joined() {
        return consumer.groupMetadata().generationId() >= 0;
    }

    /** This trainer as a member of the group, to commit as part of a transaction. */
    ConsumerGroupMetadata member() {
        return consumer.groupMetadata();
    }

    /** The group's offsets of {@code tweets.labeled}; null for a partition without one. */
    Map<TopicPartition, OffsetAndMetadata> committed() {
        return consumer.committed(Set.copyOf(CommittedReader.partitions(consumer, Topics.LABELED)));
    }

    /** Commits offsets without a transaction. */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        consumer.commitSync(offsets);
    }

    /** Leaves the group. */
    @Override
    public void close() {
        consumer.close();
    }
}
