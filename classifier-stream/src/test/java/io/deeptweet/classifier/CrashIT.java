// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.tweets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly once, over crashes of the process. */
class CrashIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final List<Duration> SIZES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
    private static final Map<String, String> SETTINGS =
            Map.of("DEEPTWEET_APPLICATION_ID", "crash-it", "DEEPTWEET_WINDOW_GRACE", "3650d");

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel better = TestModels.published(TestModels.constant("better", 0.25));

    @TempDir
    private Path folder;

    /**
     * The first process crashes while a model is published: the chunks are there, the commit is not. The second one
     * comes back with the first one's state, and crashes too. The third one has no state.
     */
    @Test
    void twoCrashesLoseNothingCountNothingTwiceAndKeepTheNewModel() {
        int half = 20_000;
        int all = 2 * half;
        try (TestTopics topics = TestTopics.empty()) {
            try (ClassifierProcess first = ClassifierProcess.start(folder.resolve("kept"), SETTINGS)) {
                first.awaitNotReady("waiting for a model");
                topics.publish(good);
                first.awaitReady();
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> topics.send(tweets("", 0, half)));
                Map<String, ModelRecord> records = new LinkedHashMap<>(better.records(Set.of(), Instant.now()));
                records.put(ModelLog.ACTIVE, TestTopics.activation(better.version()));
                Runnable commit = topics.begin(records);
                killAfter(1_000, first);
                commit.run();
                sending.join();
            }
            assertThat(topics.read(Topics.SCORED))
                    .as("the first crash came too late")
                    .hasSizeLessThan(half);

            topics.send(tweets("", half, all));
            try (ClassifierProcess second = ClassifierProcess.start(folder.resolve("kept"), SETTINGS)) {
                second.awaitReady().awaitModel(better.version());
                assertThat(second.refusals()).isEmpty();
                killAfter(2_000, second);
            }
            assertThat(topics.read(Topics.SCORED))
                    .as("the second crash came too late")
                    .hasSizeLessThan(all);

            try (ClassifierProcess third = ClassifierProcess.start(folder.resolve("new"), SETTINGS)) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(topics.read(Topics.SCORED)).hasSize(all);
                    for (Duration size : SIZES) assertThat(topics.counted(size)).isEqualTo(all);
                });
                assertThat(topics.read(Topics.SCORED))
                        .extracting(TestTopics.Committed::key)
                        .doesNotHaveDuplicates();
                assertThat(topics.partitions(Topics.SCORED)).isEqualTo(topics.partitions(Topics.RAW));
                assertThat(topics.scored(""))
                        .extracting(ScoredTweet::getModelVersion)
                        .containsOnly(good.version(), better.version());
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(topics.last(Topics.DRIFT, DriftWindow.class).values().stream()
                                        .mapToLong(DriftWindow::getCount)
                                        .sum())
                                .as("drift is measured once per tweet too")
                                .isEqualTo(all));
                await().atMost(PATIENCE).until(() -> third.status().path("lag").asLong(-1) == 0);
                assertThat(third.metric("deeptweet_lag")).isZero();

                topics.send(tweets("", 0, all)); // all of them again: it has what the others remembered
                await().atMost(PATIENCE).until(() -> third.metric("deeptweet_tweets_duplicate_total") == all);
                assertThat(topics.read(Topics.SCORED)).hasSize(all);
            }
        }
    }

    private static void killAfter(int scored, ClassifierProcess classifier) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> classifier.metric("deeptweet_scored_total") > scored);
        classifier.kill();
    }
}
