// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that end the start with exit code 1 and one sentence. */
class StartIT {
    @TempDir
    private Path folder;

    @Test
    void topicsThatWouldMisplaceTweetsStopTheStart() throws Exception {
        try (TestTopics topics = TestTopics.empty()) {
            TestTopics.await(topics.admin()
                    .createTopics(List.of(
                            new NewTopic("tweets.raw", 2, (short) 1), new NewTopic("tweets.scored", 3, (short) 1)))
                    .all());
            try (ClassifierProcess classifier =
                    ClassifierProcess.start(folder, Map.of("DEEPTWEET_APPLICATION_ID", "start-it"))) {
                assertThat(classifier.exitCode()).isEqualTo(1);
                assertThat(classifier.log())
                        .contains("the classifier cannot start: topic tweets.scored has partitions 3 where DeepTweet"
                                + " needs 2: stop the classifiers and run deploy/deeptweet topics grow")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void aWrongSettingStopsTheStart() throws Exception {
        try (ClassifierProcess classifier =
                ClassifierProcess.startAlone(folder, Map.of("DEEPTWEET_WINDOW_GRACE", "-5s"))) {
            assertThat(classifier.exitCode()).isEqualTo(1);
            assertThat(classifier.log())
                    .contains("deeptweet.window.grace is -5s: use zero or longer, such as 30s")
                    .doesNotContain("\tat ");
        }
    }
}
