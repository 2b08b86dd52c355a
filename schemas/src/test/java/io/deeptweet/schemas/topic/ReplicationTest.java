// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReplicationTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "3, 2", "4, 3", "5, 3"})
    void theReplicasInSyncAreAMajorityFromThreeOn(int replicas, int minInSync) {
        assertThat(Replication.minInSync(replicas)).isEqualTo(minInSync);
    }

    @Test
    void oneReplicaOnOneBrokerIsAllThereCanBe() {
        assertThat(new Replication(1, false).differences(topic(1, "1"))).isEmpty();
    }

    @Test
    void oneReplicaOnSeveralBrokersIsRefusedUnlessAllowed() {
        List<TopicDifference> refused = new Replication(3, false).differences(topic(1, "1"));
        assertThat(refused).hasSize(1).allMatch(TopicDifference::fatal);
        assertThat(refused.get(0))
                .hasToString("topic t has replicas 1 where DeepTweet needs more on 3 brokers: add replicas"
                        + " (kafka-reassign-partitions), or set deeptweet.topics.allow-single-replica=true");
        assertThat(new Replication(3, true).differences(topic(1, "1")))
                .hasSize(1)
                .noneMatch(TopicDifference::fatal);
    }

    @Test
    void anAcknowledgementByOneReplicaOfThreeIsReported() {
        assertThat(new Replication(3, false).differences(topic(3, "1")))
                .containsExactly(
                        new TopicDifference("t", "min.insync.replicas", "1", "2", false, TopicCheck.CHANGE_IT));
        assertThat(new Replication(3, false).differences(topic(3, "2"))).isEmpty();
        assertThat(new Replication(3, false).differences(topic(3, "3"))).isEmpty();
    }

    @Test
    void moreReplicasInSyncThanThereAreAcknowledgeNothing() {
        assertThat(new Replication(3, false).differences(topic(2, "3")))
                .containsExactly(new TopicDifference("t", "min.insync.replicas", "3", "1", true, TopicCheck.CHANGE_IT));
    }

    private static FoundTopic topic(int replicas, String minInSync) {
        return new FoundTopic("t", 2, replicas, Map.of("min.insync.replicas", minInSync));
    }
}
