// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import io.deeptweet.schemas.topic.FoundTopic;
import io.deeptweet.schemas.topic.Replication;
import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicMismatchException;
import io.deeptweet.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription.Processor;
import org.apache.kafka.streams.TopologyDescription.Source;
import org.apache.kafka.streams.TopologyDescription.Subtopology;

/**
 * The topics that Kafka Streams creates for itself, which it refuses if the number of their partitions is not what it
 * would choose today.
 *
 * <p>Stores that are filled from {@code tweets.raw} have a changelog with as many partitions, and grow with it: what
 * they hold belongs to a partition, so that the new ones start empty. Stores that are filled by feed have a number of
 * their own, which is never changed, because feeds would move away from their windows.
 *
 * @param applicationId prefix of the topics' names
 * @param topology tells which stores there are
 * @param repartitionTopic the topic by feed
 * @param feedPartitions how many partitions that one has
 */
public record InternalTopics(String applicationId, Topology topology, String repartitionTopic, int feedPartitions) {
    /**
     * What was found and done.
     *
     * @param replicas how many replicas {@code tweets.raw} has, which new internal topics should have too
     * @param grown the changelogs that have grown
     * @param differences differences of existing internal topics, none of them fatal
     */
    public record Outcome(int replicas, Set<String> grown, List<TopicDifference> differences) {}

    /**
     * Gives the changelogs by partition as many partitions as {@code tweets.raw}, and checks the internal topics that
     * exist.
     *
     * @throws TopicMismatchException if Kafka Streams would refuse a topic, or it would be lost with one broker
     * @throws org.apache.kafka.common.KafkaException if the broker cannot be reached or refuses
     */
    public Outcome ensure(Admin admin, boolean allowSingleReplica) {
        Set<String> names = TopicAdmin.names(admin).stream()
                .filter(name -> name.startsWith(applicationId + "-"))
                .collect(Collectors.toSet());
        names.add(Topics.RAW.name());
        Map<String, FoundTopic> found = TopicAdmin.describe(admin, names);
        FoundTopic raw = found.remove(Topics.RAW.name());

        Set<String> byPartition = changelogsByPartition();
        Replication replication = new Replication(TopicAdmin.brokers(admin), allowSingleReplica);
        List<TopicDifference> differences = new ArrayList<>();
        Map<String, Integer> growing = new TreeMap<>();
        found.forEach((name, topic) -> {
            if (name.equals(repartitionTopic) && topic.partitions() != feedPartitions)
                differences.add(
                        difference(topic, feedPartitions, "set deeptweet.window.partitions=" + topic.partitions()));
            if (byPartition.contains(name) && topic.partitions() > raw.partitions())
                differences.add(difference(
                        topic,
                        raw.partitions(),
                        "stop the classifiers and run deploy/deeptweet topics grow --partitions "
                                + topic.partitions()));
            if (byPartition.contains(name) && topic.partitions() < raw.partitions())
                growing.put(name, raw.partitions());
            differences.addAll(replication.differences(topic));
        });
        if (differences.stream().anyMatch(TopicDifference::fatal)) throw new TopicMismatchException(differences);
        if (!growing.isEmpty()) TopicAdmin.grow(admin, growing);
        return new Outcome(raw.replicas(), growing.keySet(), List.copyOf(differences));
    }

    private Set<String> changelogsByPartition() {
        return topology.describe().subtopologies().stream()
                .filter(InternalTopics::readsTweets)
                .flatMap(part -> part.nodes().stream())
                .flatMap(node -> node instanceof Processor processor ? processor.stores().stream() : Stream.empty())
                .map(store -> applicationId + "-" + store + "-changelog")
                .collect(Collectors.toSet());
    }

    private static boolean readsTweets(Subtopology part) {
        return part.nodes().stream()
                .anyMatch(node -> node instanceof Source source
                        && source.topicSet() != null
                        && source.topicSet().contains(Topics.RAW.name()));
    }

    private static TopicDifference difference(FoundTopic topic, int wanted, String remedy) {
        return new TopicDifference(
                topic.name(),
                "partitions",
                Integer.toString(topic.partitions()),
                Integer.toString(wanted),
                true,
                remedy);
    }
}
