// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What DeepTweet asks of an {@link Admin} about topics, with the faults of the brokers as {@link KafkaException}. */
public final class TopicAdmin {
    /** How often a broker is asked that may not know yet what the controller has just done. */
    private static final int ATTEMPTS = 300;

    private static final long WAIT_MS = 100;

    private TopicAdmin() {}

    /** Names of the topics that the client may see. */
    public static Set<String> names(Admin admin) {
        return await(admin.listTopics().names());
    }

    /** How many brokers run. */
    public static int brokers(Admin admin) {
        return await(admin.describeCluster().nodes()).size();
    }

    /**
     * The topics of these names, which must exist. A broker may not know yet what the controller has just created: asks
     * again for half a minute.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     */
    public static Map<String, FoundTopic> describe(Admin admin, Collection<String> names) {
        for (int attempt = 1; ; attempt++) {
            try {
                return describeOnce(admin, names);
            } catch (UnknownTopicOrPartitionException e) {
                if (attempt == ATTEMPTS) throw e;
                pause();
            }
        }
    }

    private static Map<String, FoundTopic> describeOnce(Admin admin, Collection<String> names) {
        Map<String, TopicDescription> topics = await(admin.describeTopics(names).allTopicNames());
        Map<ConfigResource, Config> settings = await(
                admin.describeConfigs(names.stream().map(TopicAdmin::resource).toList())
                        .all());
        Map<String, FoundTopic> found = new TreeMap<>();
        topics.forEach((name, topic) -> found.put(
                name,
                new FoundTopic(
                        name,
                        topic.partitions().size(),
                        topic.partitions().stream()
                                .mapToInt(partition -> partition.replicas().size())
                                .min()
                                .orElse(0),
                        settings.get(resource(name)).entries().stream()
                                .filter(entry -> entry.value() != null)
                                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value)))));
        return found;
    }

    private static void pause() {
        try {
            Thread.sleep(WAIT_MS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * Gives topics more partitions, all in one request, and waits up to half a minute until {@link #describe} shows
     * them. Does nothing where another has done the same meanwhile.
     *
     * @param partitions the new number of each topic, larger than its number now
     * @throws InvalidPartitionsException if a topic has more partitions already
     */
    public static void grow(Admin admin, Map<String, Integer> partitions) {
        Map<String, NewPartitions> request = partitions.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> NewPartitions.increaseTo(topic.getValue())));
        admin.createPartitions(request).values().forEach((topic, grown) -> {
            int wanted = partitions.get(topic);
            try {
                await(grown);
                awaitPartitions(admin, topic, wanted);
            } catch (InvalidPartitionsException e) {
                if (awaitPartitions(admin, topic, wanted) != wanted) throw e;
            }
        });
    }

    /** How many partitions a topic has, asked until it has at least the wanted ones, for half a minute. */
    private static int awaitPartitions(Admin admin, String topic, int wanted) {
        for (int attempt = 1; ; attempt++) {
            int found = describe(admin, List.of(topic)).get(topic).partitions();
            if (found >= wanted || attempt == ATTEMPTS) return found;
            pause();
        }
    }

    static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    /** Waits for an answer. */
    public static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) throw cause;
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
