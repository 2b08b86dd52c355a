// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidPartitionsException;

/**
 * Gives the topics of tweets more partitions, all of them the same number. No classifier may run meanwhile: Kafka
 * Streams stops where the partitions of its input change under it. At their next start the classifiers give their
 * internal topics as many partitions.
 *
 * <p>The other topics keep theirs. Their keys would move to other partitions, so that the last record of a key is no
 * longer the one with the highest offset, and compaction would keep both.
 */
public final class TopicGrowth {
    /** Topics that grow: nobody relies on the order of a key's records. */
    private static final List<Topic> GROWING =
            List.of(Topics.RAW, Topics.SCORED, Topics.SHADOW, Topics.REJECTED, Topics.DELETED);

    private TopicGrowth() {}

    /**
     * What has grown.
     *
     * @param partitions how many partitions each topic of tweets has now
     * @param before how many those that have grown had before, by name
     */
    public record Growth(int partitions, Map<String, Integer> before) {
        public Growth {
            before = Map.copyOf(before);
        }
    }

    /**
     * Grows the topics that exist.
     *
     * @param wanted the new number; empty for that of the topic with most partitions
     * @throws InvalidPartitionsException if a topic has more than are wanted
     * @throws KafkaException if the broker cannot be reached or refuses
     */
    public static Growth grow(Admin admin, OptionalInt wanted) {
        Collection<String> existing = TopicAdmin.names(admin);
        Collection<FoundTopic> found = TopicAdmin.describe(
                        admin,
                        GROWING.stream()
                                .map(Topic::name)
                                .filter(existing::contains)
                                .toList())
                .values();
        int most = found.stream().mapToInt(FoundTopic::partitions).max().orElse(1);
        int partitions = wanted.orElse(most);
        if (partitions < most)
            throw new InvalidPartitionsException("a topic cannot lose partitions, and one of the topics of tweets has "
                    + most + ": choose this or more");
        Map<String, Integer> before = new TreeMap<>();
        Map<String, Integer> after = new TreeMap<>();
        for (FoundTopic topic : found)
            if (topic.partitions() < partitions) {
                before.put(topic.name(), topic.partitions());
                after.put(topic.name(), partitions);
            }
        if (!after.isEmpty()) TopicAdmin.grow(admin, after);
        return new Growth(partitions, before);
    }
}
