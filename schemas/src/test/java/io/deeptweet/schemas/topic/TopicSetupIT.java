// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.LocalKafka;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicSetupIT {
    private static final TopicSetup SETUP = new TopicSetup(3, (short) -1);
    private static Admin admin;

    @BeforeAll
    static void connect() {
        admin = Admin.create(Map.of("bootstrap.servers", LocalKafka.shared().bootstrapServers()));
    }

    @AfterAll
    static void disconnect() {
        admin.close();
    }

    @Test
    void topicsAreCreatedWithTheirSettingsAndThenFoundUnchanged() throws Exception {
        TopicSetup.Outcome first = SETUP.ensure(admin);
        TopicSetup.Outcome second = SETUP.ensure(admin);

        assertThat(first.created())
                .containsExactlyElementsOf(
                        Topics.all().stream().map(Topic::name).toList());
        assertThat(second.created()).isEmpty();
        assertThat(second.differences()).isEmpty();
        var descriptions = admin.describeTopics(List.of("tweets.raw", "tweets.scored", "sentiment.models"))
                .allTopicNames()
                .get();
        assertThat(descriptions.get("tweets.raw").partitions()).hasSize(3);
        assertThat(descriptions.get("tweets.scored").partitions()).hasSize(3);
        assertThat(descriptions.get("sentiment.models").partitions()).hasSize(1);
        ConfigResource raw = new ConfigResource(ConfigResource.Type.TOPIC, "tweets.raw");
        var config = admin.describeConfigs(List.of(raw)).all().get().get(raw);
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("min.insync.replicas").value()).isEqualTo("1");
    }

    @Test
    void servicesThatStartAtTheSameTimeCreateEachTopicOnce() {
        List<Topic> topics = Stream.of("a", "b", "c")
                .map(name -> topic(name + "-" + UUID.randomUUID(), Map.of()))
                .toList();
        List<CompletableFuture<TopicSetup.Outcome>> services = Stream.generate(
                        () -> CompletableFuture.supplyAsync(() -> SETUP.ensure(admin, topics)))
                .limit(3)
                .toList();
        assertThat(services.stream().map(CompletableFuture::join).flatMap(outcome -> outcome.created().stream()))
                .containsExactlyInAnyOrderElementsOf(
                        topics.stream().map(Topic::name).toList());
    }

    @Test
    void anotherRetentionIsReportedAndLeftUnchanged() throws Exception {
        Topic topic = topic(
                "kept-" + UUID.randomUUID(), Map.of("retention.ms", "1000000", "cleanup.policy", "compact,delete"));
        admin.createTopics(List.of(new NewTopic(topic.name(), 1, (short) 1)
                        .configs(Map.of("retention.ms", "2000000", "cleanup.policy", "delete,compact"))))
                .all()
                .get();
        assertThat(SETUP.ensure(admin, List.of(topic)).differences())
                .containsExactly(new TopicDifference(
                        topic.name(), "retention.ms", "2000000", "1000000", false, TopicCheck.CHANGE_IT));
    }

    @Test
    void aCleanupPolicyThatWouldLoseModelsIsFatal() throws Exception {
        Topic topic = topic("models-" + UUID.randomUUID(), Map.of("cleanup.policy", "compact"));
        admin.createTopics(List.of(new NewTopic(topic.name(), 2, (short) 1)))
                .all()
                .get();
        Topic single = new Topic(topic.name(), OptionalInt.of(1), topic.settings());
        assertThatThrownBy(() -> SETUP.ensure(admin, List.of(single)))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(topic.name() + " has cleanup.policy delete where DeepTweet needs compact")
                .hasMessageContaining(topic.name() + " has partitions 2 where DeepTweet needs 1");
    }

    @Test
    void minInSyncReplicasThatNoTopicCanReachAreFatal() throws Exception {
        Topic topic = topic("stuck-" + UUID.randomUUID(), Map.of());
        admin.createTopics(
                        List.of(new NewTopic(topic.name(), 1, (short) 1).configs(Map.of("min.insync.replicas", "2"))))
                .all()
                .get();
        assertThatThrownBy(() -> SETUP.ensure(admin, List.of(topic)))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(topic.name() + " has min.insync.replicas 2 where DeepTweet needs 1");
    }

    @Test
    void aTopicThatRefusesRecordsWithinOurLimitsIsFatal() throws Exception {
        Topic topic = topic("small-" + UUID.randomUUID(), Map.of());
        admin.createTopics(List.of(
                        new NewTopic(topic.name(), 1, (short) 1).configs(Map.of("max.message.bytes", "100000"))))
                .all()
                .get();
        assertThatThrownBy(() -> SETUP.ensure(admin, List.of(topic)))
                .isInstanceOf(TopicMismatchException.class)
                .hasMessageContaining(topic.name() + " has max.message.bytes 100000 where DeepTweet needs 1048588");
    }

    /** Two services, or a service and an operator, may do so at the same time. */
    @Test
    void growingATopicThatHasGrownMeanwhileDoesNothing() throws Exception {
        Topic topic = topic("growing-" + UUID.randomUUID(), Map.of());
        SETUP.ensure(admin, List.of(topic));
        TopicAdmin.grow(admin, Map.of(topic.name(), 5));
        TopicAdmin.grow(admin, Map.of(topic.name(), 5));
        assertThat(TopicAdmin.describe(admin, List.of(topic.name()))
                        .get(topic.name())
                        .partitions())
                .isEqualTo(5);
        assertThatThrownBy(() -> TopicAdmin.grow(admin, Map.of(topic.name(), 4)))
                .isInstanceOf(InvalidPartitionsException.class);
    }

    private static Topic topic(String name, Map<String, String> settings) {
        return new Topic(name, OptionalInt.empty(), settings);
    }
}
