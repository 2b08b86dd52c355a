// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * Creates missing topics and compares existing ones with what DeepTweet would have created.
 *
 * @param partitions partitions of a new topic whose number the operator chooses; at least 1
 * @param replicationFactor replicas of a new topic; -1 for the broker's default
 * @param allowSingleReplica whether topics with one replica are accepted on a cluster of several brokers
 */
public record TopicSetup(int partitions, short replicationFactor, boolean allowSingleReplica) {
    public TopicSetup {
        if (partitions < 1) throw new IllegalArgumentException("partitions must be 1 or more, was " + partitions);
        if (replicationFactor < 1 && replicationFactor != -1)
            throw new IllegalArgumentException(
                    "replicationFactor must be 1 or more, or -1 for the broker's default, was " + replicationFactor);
    }

    /** A setup that refuses topics with one replica on a cluster of several brokers. */
    public TopicSetup(int partitions, short replicationFactor) {
        this(partitions, replicationFactor, false);
    }

    /**
     * The result of the setup.
     *
     * @param created names of the topics that were created
     * @param differences differences of existing topics, none of them fatal
     */
    public record Outcome(List<String> created, List<TopicDifference> differences) {}

    /** {@link #ensure(Admin, Collection)} for all of {@link Topics}. */
    public Outcome ensure(Admin admin) {
        return ensure(admin, Topics.all());
    }

    /**
     * Creates missing topics and checks all of them. Several services may call this at the same time.
     *
     * @throws TopicMismatchException if DeepTweet would lose or misplace records with an existing topic, which stays
     *     unchanged
     * @throws SingleReplicaException if missing topics would get one replica on a cluster of several brokers
     * @throws InvalidReplicationFactorException if there are fewer brokers than replicas
     * @throws KafkaException if the broker cannot be reached or refuses
     */
    public Outcome ensure(Admin admin, Collection<Topic> topics) {
        Replication replication = new Replication(TopicAdmin.brokers(admin), allowSingleReplica);
        List<String> created = createMissing(admin, topics, replication);
        Map<String, FoundTopic> found =
                TopicAdmin.describe(admin, topics.stream().map(Topic::name).toList());
        List<TopicDifference> differences = TopicCheck.differences(topics, found, replication);
        if (differences.stream().anyMatch(TopicDifference::fatal)) throw new TopicMismatchException(differences);
        return new Outcome(created, List.copyOf(differences));
    }

    private List<String> createMissing(Admin admin, Collection<Topic> topics, Replication replication) {
        try {
            return create(admin, missing(admin, topics), replication);
        } catch (TopicAuthorizationException e) {
            throw new TopicAuthorizationException(
                    "topics are missing or may not be seen, and may not be created (" + e.getMessage() + ")",
                    e.unauthorizedTopics());
        }
    }

    private List<NewTopic> missing(Admin admin, Collection<Topic> topics) {
        Set<String> existing = TopicAdmin.names(admin);
        return topics.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .map(topic -> new NewTopic(topic.name(), topic.partitions().orElse(partitions), replicationFactor)
                        .configs(topic.settings()))
                .toList();
    }

    private List<String> create(Admin admin, List<NewTopic> missing, Replication replication) {
        if (missing.isEmpty()) return List.of();
        int replicas = replicationFactor > 0 ? replicationFactor : brokersDefault(admin, missing.get(0));
        if (replication.isAtRisk(replicas) && !allowSingleReplica)
            throw new SingleReplicaException(missing.get(0).name(), replication.brokers());
        List<String> created = new ArrayList<>();
        for (NewTopic topic : missing) {
            Map<String, String> settings = new HashMap<>(topic.configs());
            settings.put(MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(Replication.minInSync(replicas)));
            if (create(admin, topic.configs(settings))) created.add(topic.name());
        }
        return List.copyOf(created);
    }

    private static boolean create(Admin admin, NewTopic topic) {
        try {
            TopicAdmin.await(admin.createTopics(List.of(topic)).all());
            return true;
        } catch (TopicExistsException e) { // another service created it at the same time
            return false;
        }
    }

    /** How many replicas a topic would get or, if another service has just created it, has got. */
    private static int brokersDefault(Admin admin, NewTopic topic) {
        try {
            return TopicAdmin.await(admin.createTopics(List.of(topic), new CreateTopicsOptions().validateOnly(true))
                    .replicationFactor(topic.name()));
        } catch (TopicExistsException e) {
            return TopicAdmin.describe(admin, List.of(topic.name()))
                    .get(topic.name())
                    .replicas();
        }
    }
}
