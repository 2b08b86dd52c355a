// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.tweets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start without the group's offsets, as after a week without a classifier, or without the records at them. */
class LostOffsetsIT {
    private static final String APPLICATION = "lost-offsets-it";
    private static final Set<TopicPartition> RAW =
            Set.of(new TopicPartition(Topics.RAW.name(), 0), new TopicPartition(Topics.RAW.name(), 1));

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
    void theStreamStopsAndGoesOnAsTheOperatorSays() throws Exception {
        try (ClassifierProcess first = classifier("stop")) {
            first.awaitNotReady("waiting for a model");
            topics.publish(TestModels.published(TestModels.constant("good", 0.75)));
            topics.send(tweets("", 0, 50));
            awaitScored(50);
        }
        topics.send(tweets("", 50, 60));
        forgetOffsets();
        assertRefused("the group's offset is gone; the recorded progress is offset ");

        try (ClassifierProcess goingOn = classifier("recorded")) {
            awaitScored(60);
            assertThat(topics.scored("")).extracting(ScoredTweet::getId).doesNotHaveDuplicates();
            assertThat(goingOn.log()).contains("starting with deeptweet.lost-offsets=recorded: ");
        }
        forgetOffsets();
        try (ClassifierProcess again = classifier("earliest")) {
            awaitScored(120);
        }

        topics.send(tweets("", 60, 90));
        deleteRecords();
        assertRefused(" were deleted before they were processed");
        try (ClassifierProcess goingOn = classifier("recorded")) {
            topics.send(tweets("", 90, 95));
            awaitScored(125);
        }
    }

    /** Without deduplication, so that work that is done again is seen. */
    private ClassifierProcess classifier(String choice) {
        return ClassifierProcess.start(
                folder,
                Map.of(
                        "DEEPTWEET_APPLICATION_ID", APPLICATION,
                        "DEEPTWEET_DEDUPLICATION_WINDOW", "0s",
                        "DEEPTWEET_LOST_OFFSETS", choice));
    }

    private void awaitScored(int tweets) {
        await().atMost(ClassifierProcess.PATIENCE)
                .untilAsserted(() -> assertThat(topics.scored("")).hasSize(tweets));
    }

    private void assertRefused(String reason) throws InterruptedException {
        try (ClassifierProcess refused = classifier("stop")) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.log())
                    .contains("the classifier cannot start: the offsets of group " + APPLICATION + " cannot be used (")
                    .contains(reason)
                    .contains("set deeptweet.lost-offsets=recorded to go on");
        }
    }

    private void forgetOffsets() {
        TestTopics.await(
                topics.admin().deleteConsumerGroups(Set.of(APPLICATION)).all());
    }

    private void deleteRecords() {
        Map<TopicPartition, RecordsToDelete> all = TestTopics.await(topics.admin()
                        .listOffsets(RAW.stream()
                                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())))
                        .all())
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        end -> RecordsToDelete.beforeOffset(end.getValue().offset())));
        TestTopics.await(topics.admin().deleteRecords(all).all());
    }
}
