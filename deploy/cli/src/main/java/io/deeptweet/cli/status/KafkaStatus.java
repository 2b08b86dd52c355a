// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.status;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.command.KafkaConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Asks Kafka for the topics, and how far the classifiers are behind. */
final class KafkaStatus {
    private static final String CLASSIFIER_GROUP = "deeptweet-classifier";

    private final Map<String, Object> client;

    /** @param client client settings with {@code bootstrap.servers} */
    KafkaStatus(Map<String, String> client) {
        this.client = Map.copyOf(client);
    }

    String address() {
        return client.get("bootstrap.servers").toString();
    }

    /**
     * Adds for each topic {@code {"partitions", "offsets"}}, for {@code tweets.raw} {@code "lag"} too, or
     * {@code {"missing": true}}.
     *
     * @return why Kafka cannot be asked, in a sentence; empty if it answered
     */
    Optional<String> read(ObjectNode topics) {
        Optional<String> fault = new KafkaConnection(client).brokerFault();
        if (fault.isPresent()) return fault;
        try (Admin admin = Admin.create(client)) {
            var committed = get(admin.listConsumerGroupOffsets(CLASSIFIER_GROUP).partitionsToOffsetAndMetadata());
            for (Topic topic : Topics.all()) add(admin, topic, committed, topics.putObject(topic.name()));
            return Optional.empty();
        } catch (KafkaException e) {
            return Optional.of("Kafka at " + address() + " does not answer: " + e.getMessage());
        }
    }

    private static void add(
            Admin admin, Topic topic, Map<TopicPartition, OffsetAndMetadata> committed, ObjectNode entry) {
        try {
            List<TopicPartition> partitions =
                    get(admin.describeTopics(List.of(topic.name())).allTopicNames())
                            .get(topic.name())
                            .partitions()
                            .stream()
                            .map(info -> new TopicPartition(topic.name(), info.partition()))
                            .toList();
            Map<TopicPartition, Long> starts = offsets(admin, partitions, OffsetSpec.earliest());
            Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
            entry.put("partitions", partitions.size());
            entry.put("offsets", sum(partitions, partition -> ends.get(partition) - starts.get(partition)));
            if (topic.equals(Topics.RAW))
                entry.put(
                        "lag",
                        sum(
                                partitions,
                                partition -> ends.get(partition)
                                        - Optional.ofNullable(committed.get(partition))
                                                .map(OffsetAndMetadata::offset)
                                                .orElse(starts.get(partition))));
        } catch (UnknownTopicOrPartitionException e) {
            entry.put("missing", true);
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec spec) {
        var wanted = partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> spec));
        return get(admin.listOffsets(wanted).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, found -> found.getValue().offset()));
    }

    private static long sum(List<TopicPartition> partitions, ToLongFunction<TopicPartition> value) {
        return partitions.stream().mapToLong(value).sum();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
