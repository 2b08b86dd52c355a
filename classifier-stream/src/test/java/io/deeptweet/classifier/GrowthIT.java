// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.tweets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.topic.TopicAdmin;
import io.deeptweet.schemas.topic.TopicGrowth;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More partitions for a stream that has state. */
class GrowthIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final List<Duration> SIZES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
    private static final Map<String, String> SETTINGS = Map.of(
            "DEEPTWEET_APPLICATION_ID", "growth-it",
            "DEEPTWEET_WINDOW_GRACE", "3650d",
            "DEEPTWEET_WINDOW_PARTITIONS", "3");

    @TempDir
    private Path folder;

    /** Two instances; tweets are written before, between the stop and the growth, and after. */
    @Test
    void growingFromTwoToFourPartitionsLosesNothingAndCountsNothingTwice() throws Exception {
        try (TestTopics topics = TestTopics.empty()) {
            try (ClassifierProcess one = ClassifierProcess.start(folder.resolve("one"), SETTINGS);
                    ClassifierProcess two = ClassifierProcess.start(folder.resolve("two"), SETTINGS)) {
                one.awaitNotReady("waiting for a model");
                topics.publish(TestModels.published(TestModels.constant("good", 0.75)));
                one.awaitReady();
                two.awaitReady();
                topics.send(tweets("", 0, 5_000));
                await().atMost(PATIENCE).until(() -> topics.counted(SIZES.get(0)) > 1_000);
            }
            topics.send(tweets("", 5_000, 6_000));
            assertThat(TopicGrowth.grow(topics.admin(), OptionalInt.of(4)).before())
                    .containsOnlyKeys(
                            "tweets.raw", "tweets.scored", "tweets.shadow", "tweets.rejected", "tweets.deleted");
            topics.forgetPartitions();
            topics.send(tweets("", 6_000, 10_000));

            try (ClassifierProcess one = ClassifierProcess.start(folder.resolve("one"), SETTINGS);
                    ClassifierProcess two = ClassifierProcess.start(folder.resolve("two"), SETTINGS)) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(topics.read(Topics.SCORED)).hasSize(10_000);
                    for (Duration size : SIZES) assertThat(topics.counted(size)).isEqualTo(10_000);
                });
                assertThat(one.log() + two.log())
                        .contains("gave growth-it-partial-sums-changelog, growth-it-progress-changelog,"
                                + " growth-it-recent-tweets-changelog as many partitions as tweets.raw has");
            }
            assertThat(topics.read(Topics.SCORED))
                    .extracting(TestTopics.Committed::key)
                    .doesNotHaveDuplicates();
            assertThat(topics.partitions(Topics.RAW).values()).contains(2, 3);
            assertThat(partitions(topics, "growth-it-partial-sums-changelog")).isEqualTo(4);
            assertThat(partitions(topics, "growth-it-feeds-repartition")).isEqualTo(3);

            // Another number would move feeds away from their windows.
            Map<String, String> moved = new HashMap<>(SETTINGS);
            moved.put("DEEPTWEET_WINDOW_PARTITIONS", "8");
            try (ClassifierProcess classifier = ClassifierProcess.start(folder.resolve("moved"), moved)) {
                assertThat(classifier.exitCode()).isEqualTo(1);
                assertThat(classifier.log())
                        .contains("topic growth-it-feeds-repartition has partitions 3 where DeepTweet needs 8: set"
                                + " deeptweet.window.partitions=3");
            }
        }
    }

    private static int partitions(TestTopics topics, String topic) {
        return TopicAdmin.describe(topics.admin(), List.of(topic)).get(topic).partitions();
    }
}
