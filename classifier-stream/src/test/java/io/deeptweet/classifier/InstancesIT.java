// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.NOON;
import static io.deeptweet.classifier.TestTweets.number;
import static io.deeptweet.classifier.TestTweets.tweet;
import static io.deeptweet.classifier.TestTweets.tweets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two instances that share the work, and a third one after both were stopped. */
class InstancesIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final int WINDOW_SIZES = 3;
    private static final Map<String, String> SETTINGS = Map.of(
            "DEEPTWEET_APPLICATION_ID", "instances-it",
            "DEEPTWEET_WINDOW_GRACE", "1m",
            "DEEPTWEET_DRIFT_LEAST_TWEETS", "50");

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel better = TestModels.published(TestModels.constant("better", 0.25));
    private final PublishedModel best = TestModels.published(TestModels.constant("best", 0.875));

    @TempDir
    private Path folder;

    private TestTopics topics;

    @BeforeEach
    void start() {
        topics = TestTopics.empty();
    }

    @AfterEach
    void stop() {
        topics.close();
    }

    @Test
    void everyInstanceSwapsAndShadowsAlikeAndSoDoesALaterOneOnTheCompactedTopic() throws Exception {
        try (ClassifierProcess one = ClassifierProcess.start(folder.resolve("one"), SETTINGS);
                ClassifierProcess two = ClassifierProcess.start(folder.resolve("two"), SETTINGS)) {
            List<ClassifierProcess> both = List.of(one, two);
            one.awaitNotReady("waiting for a model");
            topics.publish(good);
            both.forEach(ClassifierProcess::awaitReady);
            for (ClassifierProcess each : both)
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(each.status().path("instances"))
                                .extracting(JsonNode::asText)
                                .containsExactlyInAnyOrder(one.address(), two.address()));
            shadowAndPromote(one, two);
            aBrokenShadowDisturbsNothing(both);

            // Ten days later: tweets written before are late from now on.
            topics.send(List.of(tweet("400", NOON.plus(Duration.ofDays(10)))));
            await().atMost(PATIENCE).until(() -> topics.windows().containsKey("election/PT1H/2024-08-25T12:00:00Z"));
        }
        for (String each : List.of("one", "two"))
            assertThat(Files.readString(folder.resolve(each).resolve("classifier.log")))
                    .contains("the stream has stopped and committed its work");

        takeBackAndCompact(good);
        try (ClassifierProcess later = ClassifierProcess.start(folder.resolve("later"), SETTINGS)) {
            // The others have left their group, so that it need not wait for the end of their sessions.
            later.awaitReady().awaitModel(better.version());
            assertThat(later.refusals()).isEmpty();
            // Stream time outlives a restart: a late tweet does not start its window again, with a count of one.
            topics.send(List.of(tweet("401", NOON)));
            await().atMost(PATIENCE).until(() -> later.metric("deeptweet_late_total") == WINDOW_SIZES);
            assertThat(topics.windows()
                            .get("election/PT1H/2024-08-15T12:00:00Z")
                            .getCount())
                    .isEqualTo(400);

            topics.send(tweets("", 300, 500)); // 300 to 399 were scored by the others
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.scored("")).hasSize(500));
            assertThat(topics.scored("")).extracting(ScoredTweet::getId).doesNotHaveDuplicates();
            await().atMost(PATIENCE).until(() -> later.metric("deeptweet_tweets_duplicate_total") == 102);
        }
    }

    private void shadowAndPromote(ClassifierProcess one, ClassifierProcess two) {
        Map<String, ModelRecord> records = new LinkedHashMap<>(better.records(Set.of(), Instant.now()));
        records.put(ModelLog.SHADOW, TestTopics.activation(better.version()));
        topics.commit(records);
        for (ClassifierProcess each : List.of(one, two)) each.awaitShadow(better.version());
        topics.send(tweets("", 0, 200));
        await().atMost(PATIENCE).until(() -> topics.read(Topics.SHADOW).size() == 200);
        assertThat(topics.partitions(Topics.SHADOW)).isEqualTo(topics.partitions(Topics.RAW));
        assertThat(topics.values(Topics.SHADOW, ScoredTweet.class))
                .allSatisfy(tweet -> assertThat(tweet.getModelVersion()).isEqualTo(better.version()));
        assertThat(topics.scored(""))
                .hasSize(200)
                .allSatisfy(tweet -> assertThat(tweet.getModelVersion()).isEqualTo(good.version()));
        assertThat(one.metric("deeptweet_shadow_difference_count") + two.metric("deeptweet_shadow_difference_count"))
                .isEqualTo(200);
        assertThat(one.metric("deeptweet_shadow_disagreed_total") + two.metric("deeptweet_shadow_disagreed_total"))
                .isEqualTo(200);
        for (ClassifierProcess each : List.of(one, two)) {
            assertThat(each.body("/q/metrics"))
                    .contains("deeptweet_shadow_model_info{version=\"" + better.version() + "\"");
            if (each.metric("deeptweet_shadow_difference_count") > 0)
                assertThat(each.status().path("shadow").path("meanDifference").asDouble())
                        .isCloseTo(0.5, within(1e-6));
        }
        // One of the two measures the feed.
        await().atMost(PATIENCE)
                .until(() -> one.status().path("drift").size()
                                + two.status().path("drift").size()
                        == 1);
        assertThat(one.metric("deeptweet_drift_unknown") + two.metric("deeptweet_drift_unknown"))
                .isCloseTo(2 / 3.0, within(1e-9)); // of "i love this"
        for (ClassifierProcess each : List.of(one, two)) // each tells of both
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode instances = new ObjectMapper().readTree(each.body("/instances"));
            assertThat(instances.findValues("drift").stream().mapToInt(JsonNode::size))
                    .containsExactlyInAnyOrder(0, 1);
            assertThat(instances.findValues("lag")).extracting(JsonNode::asText).containsExactly("0", "0");
        });

        Map<String, ModelRecord> promotion = new LinkedHashMap<>();
        promotion.put(ModelLog.ACTIVE, TestTopics.activation(better.version()));
        promotion.put(ModelLog.SHADOW, null);
        topics.commit(promotion);
        for (ClassifierProcess each : List.of(one, two)) {
            each.awaitModel(better.version());
            each.awaitShadow("");
        }
        topics.send(tweets("", 200, 300));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.scored("")).hasSize(300));
        assertThat(topics.scored(""))
                .allSatisfy(tweet -> assertThat(tweet.getModelVersion())
                        .isEqualTo((number("", tweet.getId()) < 200 ? good : better).version()));
        assertThat(topics.read(Topics.SHADOW)).hasSize(200);
    }

    private void aBrokenShadowDisturbsNothing(List<ClassifierProcess> both) {
        PublishedModel broken = TestModels.broken(best, "NaN");
        Map<String, ModelRecord> records = new LinkedHashMap<>(broken.records(Set.of(), Instant.now()));
        records.put(ModelLog.SHADOW, TestTopics.activation(broken.version()));
        topics.commit(records);
        for (ClassifierProcess each : both)
            await().atMost(PATIENCE).until(() -> each.log().contains("holds NaN at 0; no shadow scores"));
        topics.send(tweets("", 300, 400));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.scored("")).hasSize(400));
        assertThat(topics.read(Topics.SHADOW)).hasSize(200);
    }

    /** Tombstones a model that the active one does not need, and waits until the topic is really compacted. */
    private void takeBackAndCompact(PublishedModel model) {
        Set<String> kept =
                better.tensors().stream().map(PublishedModel.Tensor::sha256).collect(Collectors.toSet());
        Map<String, ModelRecord> tombstones = new LinkedHashMap<>();
        model.records(kept, Instant.now()).keySet().forEach(key -> tombstones.put(key, null));
        tombstones.put(ModelLog.SHADOW, null);
        topics.commit(tombstones);
        configure(
                new ConfigResource(ConfigResource.Type.TOPIC, Topics.MODELS.name()),
                Map.of("segment.ms", "100", "min.cleanable.dirty.ratio", "0.001", "delete.retention.ms", "0"));
        configure(new ConfigResource(ConfigResource.Type.BROKER, ""), Map.of("log.cleaner.backoff.ms", "200"));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(300)).until(() -> {
            topics.publish(better.version(), Map.of()); // closes the segment before: only closed ones are compacted
            return topics.read(Topics.MODELS).stream()
                    .map(TestTopics.Committed::key)
                    .noneMatch(ModelLog.manifestKey(model.version())::equals);
        });
    }

    private void configure(ConfigResource resource, Map<String, String> settings) {
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        TestTopics.await(topics.admin()
                .incrementalAlterConfigs(Map.of(resource, changes))
                .all());
    }
}
