// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Compares topics as they are with what DeepTweet would have created. */
public final class TopicCheck {
    static final String CHANGE_IT = "change it (kafka-configs --alter), or delete the topic";
    private static final String PARTITIONS = "partitions";
    /** Kafka's default of {@code max.message.bytes}, for which our limits of records are made. */
    private static final int LARGEST_BATCH = 1_048_588;

    private TopicCheck() {}

    /**
     * Compares topics.
     *
     * @param topics those to check
     * @param found the topics on the brokers by name; each of {@code topics} must be among them
     */
    public static List<TopicDifference> differences(
            Collection<Topic> topics, Map<String, FoundTopic> found, Replication replication) {
        List<TopicDifference> differences = new ArrayList<>();
        for (Topic topic : topics)
            topic.partitions().ifPresent(wanted -> {
                int partitions = found.get(topic.name()).partitions();
                if (partitions != wanted)
                    differences.add(partitions(topic.name(), partitions, wanted, "delete the topic"));
            });
        differences.addAll(unlikeRaw(found));
        for (Topic topic : topics) {
            differences.addAll(settings(topic, found.get(topic.name())));
            largestBatch(found.get(topic.name())).ifPresent(differences::add);
            differences.addAll(replication.differences(found.get(topic.name())));
        }
        return differences;
    }

    /** A scored tweet is in the partition of its tweet, so that consumers can join them. */
    private static List<TopicDifference> unlikeRaw(Map<String, FoundTopic> found) {
        FoundTopic raw = found.get(Topics.RAW.name());
        if (raw == null) return List.of();
        return List.of(Topics.SCORED, Topics.SHADOW).stream()
                .map(topic -> found.get(topic.name()))
                .filter(topic -> topic != null && topic.partitions() != raw.partitions())
                .map(topic -> partitions(
                        topic.name(),
                        topic.partitions(),
                        raw.partitions(),
                        "stop the classifiers and run deploy/deeptweet topics grow"))
                .toList();
    }

    private static List<TopicDifference> settings(Topic topic, FoundTopic found) {
        List<TopicDifference> differences = new ArrayList<>();
        new TreeMap<>(topic.settings()).forEach((setting, wanted) -> {
            String value = found.settings().getOrDefault(setting, "");
            // A wrong retention keeps too much or too little. A wrong cleanup policy loses models or windows.
            if (!sameValue(value, wanted))
                differences.add(new TopicDifference(
                        topic.name(), setting, value, wanted, setting.equals(CLEANUP_POLICY_CONFIG), CHANGE_IT));
        });
        return differences;
    }

    /** A record that a topic refuses stops a stream that writes exactly once. */
    private static Optional<TopicDifference> largestBatch(FoundTopic found) {
        String bytes = found.settings().getOrDefault(MAX_MESSAGE_BYTES_CONFIG, "");
        return bytes.isEmpty() || Integer.parseInt(bytes) >= LARGEST_BATCH
                ? Optional.empty()
                : Optional.of(new TopicDifference(
                        found.name(),
                        MAX_MESSAGE_BYTES_CONFIG,
                        bytes,
                        Integer.toString(LARGEST_BATCH),
                        true,
                        CHANGE_IT));
    }

    private static TopicDifference partitions(String topic, int found, int wanted, String remedy) {
        return new TopicDifference(topic, PARTITIONS, Integer.toString(found), Integer.toString(wanted), true, remedy);
    }

    /** Compares lists such as {@code compact,delete} without regard to order. */
    private static boolean sameValue(String found, String wanted) {
        return asSet(found).equals(asSet(wanted));
    }

    private static Set<String> asSet(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
    }
}
