// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;

import java.util.ArrayList;
import java.util.List;

/**
 * How a cluster has to keep records so that the loss of one broker neither loses a record nor stops the writers.
 *
 * @param brokers how many brokers the cluster has
 * @param allowSingleReplica whether a topic with one replica on a cluster of several brokers is only reported
 */
public record Replication(int brokers, boolean allowSingleReplica) {
    private static final int LEAST_FOR_MAJORITY = 3;

    /**
     * The {@code min.insync.replicas} that goes with a replication factor: a majority, so that a broker may be lost and
     * every acknowledged record is still on another one. Two replicas cannot give both; with them, writers go on.
     */
    public static int minInSync(int replicas) {
        return replicas < LEAST_FOR_MAJORITY ? 1 : replicas / 2 + 1;
    }

    /** Whether a topic with so many replicas is lost with one broker, although there are others. */
    public boolean isAtRisk(int replicas) {
        return replicas == 1 && brokers > 1;
    }

    /** What is wrong with how a topic is replicated. */
    public List<TopicDifference> differences(FoundTopic topic) {
        List<TopicDifference> differences = new ArrayList<>();
        if (isAtRisk(topic.replicas()))
            differences.add(new TopicDifference(
                    topic.name(),
                    "replicas",
                    "1",
                    "more on " + brokers + " brokers",
                    !allowSingleReplica,
                    "add replicas (kafka-reassign-partitions), or set deeptweet.topics.allow-single-replica=true"));
        int minInSync = Integer.parseInt(topic.settings().getOrDefault(MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
        int wanted = minInSync(topic.replicas());
        // With more than there are replicas, no record is ever acknowledged.
        boolean impossible = minInSync > topic.replicas();
        if (minInSync < wanted || impossible)
            differences.add(new TopicDifference(
                    topic.name(),
                    MIN_IN_SYNC_REPLICAS_CONFIG,
                    Integer.toString(minInSync),
                    Integer.toString(wanted),
                    impossible,
                    TopicCheck.CHANGE_IT));
        return differences;
    }
}
