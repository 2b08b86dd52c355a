// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates missing topics and compares existing ones with what DeepTweet would have created.
 *
 * @param partitions partitions of a new topic whose number the operator chooses; at least 1
 * @param replicationFactor replicas of a new topic; -1 for the broker's default
 */
public record TopicSetup(int partitions, short replicationFactor) {
    private static final int DESCRIBE_ATTEMPTS = 50;
    private static final long DESCRIBE_WAIT_MS = 100;

    public TopicSetup {
        if (partitions < 1) throw new IllegalArgumentException("partitions must be 1 or more, was " + partitions);
        if (replicationFactor < 1 && replicationFactor != -1)
            throw new IllegalArgumentException(
                    "replicationFactor must be 1 or more, or -1 for the broker's default, was " + replicationFactor);
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
     * @throws KafkaException if the broker cannot be reached or refuses
     */
    public Outcome ensure(Admin admin, Collection<Topic> topics) {
        Set<String> existing = await(() -> admin.listTopics().names().get());
        List<String> created = new ArrayList<>();
        for (Topic topic : topics)
            if (!existing.contains(topic.name()) && create(admin, topic)) created.add(topic.name());

        List<TopicDifference> differences = new ArrayList<>(partitionDifferences(admin, topics));
        differences.addAll(settingDifferences(admin, topics));
        if (differences.stream().anyMatch(TopicDifference::fatal)) throw new TopicMismatchException(differences);
        return new Outcome(List.copyOf(created), List.copyOf(differences));
    }

    private static List<TopicDifference> partitionDifferences(Admin admin, Collection<Topic> topics) {
        Map<String, TopicDescription> found =
                describe(admin, topics.stream().map(Topic::name).toList());
        List<TopicDifference> differences = new ArrayList<>();
        for (Topic topic : topics)
            topic.partitions()
                    .ifPresent(wanted -> comparePartitions(topic, found, wanted).ifPresent(differences::add));
        // A scored tweet is in the partition of its tweet, so that consumers can join them.
        for (Topic scored : List.of(Topics.SCORED, Topics.SHADOW))
            if (found.containsKey(Topics.RAW.name()) && found.containsKey(scored.name()))
                comparePartitions(
                                scored,
                                found,
                                found.get(Topics.RAW.name()).partitions().size())
                        .ifPresent(differences::add);
        return differences;
    }

    private static List<TopicDifference> settingDifferences(Admin admin, Collection<Topic> topics) {
        List<ConfigResource> resources =
                topics.stream().map(TopicSetup::resource).toList();
        Map<ConfigResource, Config> found =
                await(() -> admin.describeConfigs(resources).all().get());
        List<TopicDifference> differences = new ArrayList<>();
        for (Topic topic : topics)
            new TreeMap<>(topic.settings()).forEach((setting, wanted) -> {
                String value = found.get(resource(topic)).get(setting).value();
                // A wrong retention keeps too much or too little. A wrong cleanup policy loses models or windows.
                if (!sameValue(value, wanted))
                    differences.add(new TopicDifference(
                            topic.name(), setting, value, wanted, setting.equals(CLEANUP_POLICY_CONFIG)));
            });
        return differences;
    }

    private boolean create(Admin admin, Topic topic) {
        NewTopic wanted = new NewTopic(topic.name(), topic.partitions().orElse(partitions), replicationFactor)
                .configs(topic.settings());
        try {
            await(() -> admin.createTopics(List.of(wanted)).all().get());
            return true;
        } catch (TopicExistsException e) { // another service created it at the same time
            return false;
        }
    }

    /** A broker may not know yet what the controller has just created: asks again for five seconds. */
    private static Map<String, TopicDescription> describe(Admin admin, Collection<String> names) {
        for (int attempt = 1; ; attempt++) {
            try {
                return await(() -> admin.describeTopics(names).allTopicNames().get());
            } catch (UnknownTopicOrPartitionException e) {
                if (attempt == DESCRIBE_ATTEMPTS) throw e;
                try {
                    Thread.sleep(DESCRIBE_WAIT_MS);
                } catch (InterruptedException interrupted) {
                    throw new InterruptException(interrupted);
                }
            }
        }
    }

    private static Optional<TopicDifference> comparePartitions(
            Topic topic, Map<String, TopicDescription> found, int wanted) {
        int partitions = found.get(topic.name()).partitions().size();
        return partitions == wanted
                ? Optional.empty()
                : Optional.of(new TopicDifference(
                        topic.name(), "partitions", Integer.toString(partitions), Integer.toString(wanted), true));
    }

    /** Compares lists such as {@code compact,delete} without regard to order. */
    private static boolean sameValue(String found, String wanted) {
        return asSet(found).equals(asSet(wanted));
    }

    private static Set<String> asSet(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    private static ConfigResource resource(Topic topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
    }

    private interface Call<T> {
        T get() throws ExecutionException, InterruptedException;
    }

    private static <T> T await(Call<T> call) {
        try {
            return call.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KafkaException cause) throw cause;
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
