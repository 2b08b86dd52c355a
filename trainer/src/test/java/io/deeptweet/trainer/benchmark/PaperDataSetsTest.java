// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PaperDataSetsTest {
    @TempDir
    Path folder;

    @BeforeEach
    void make() throws IOException {
        SyntheticDataSets.write(folder);
    }

    private PaperDataSets read(int limit, boolean neutralIsNegative) throws IOException {
        return PaperDataSets.read(folder, TextPipeline.deepTweet(), 64, limit, neutralIsNegative, 1);
    }

    /** Some of Kaggle's tweets are Sentiment140's with another label, and some of both are held out. */
    @Test
    void noTextIsInTwoPartsInAllDataSetsTogether() throws Exception {
        PaperDataSets paper = read(0, false);
        Set<List<String>> trained = new HashSet<>();
        Set<List<String>> validated = new HashSet<>();
        Set<List<String>> tested = new HashSet<>();
        for (TrainingData data : paper.trainingData()) {
            data.split().train().stream().map(Example::tokens).forEach(trained::add);
            data.split().validation().stream().map(Example::tokens).forEach(validated::add);
            data.split().test().stream().map(Example::tokens).forEach(tested::add);
        }
        paper.heldOut().stream().map(Example::tokens).forEach(tested::add);
        assertThat(trained)
                .hasSizeGreaterThan(400)
                .doesNotContainAnyElementsOf(validated)
                .doesNotContainAnyElementsOf(tested);
        assertThat(validated).doesNotContainAnyElementsOf(tested);
        assertThat(paper.modern().split().train())
                .as("Kaggle's are among them")
                .extracting(Example::tokens)
                .anyMatch(tokens -> paper.base().split().train().stream()
                        .anyMatch(example -> example.tokens().equals(tokens)));
    }

    @Test
    void eachModelHasATestSetAndNoneIsTrainedOnTheHeldOutTweets() throws Exception {
        PaperDataSets paper = read(0, false);
        assertThat(paper.tests())
                .extracting(PaperDataSets.TestSet::texts)
                .containsExactly(
                        paper.base().split().test(),
                        paper.modern().split().test(),
                        paper.heldOut(),
                        paper.live().split().test());
        assertThat(paper.tests()).extracting(PaperDataSets.TestSet::of).containsExactly(0, 1, 1, 2);
    }

    @Test
    void neutralTweetsAreDroppedOrNegative() throws Exception {
        TrainingData without = read(0, false).modern();
        TrainingData with = read(0, true).modern();
        assertThat(without.dropped().byReason()).containsEntry("neutral", 61);
        assertThat(with.dropped().byReason())
                .as("TweetEval's are always dropped")
                .containsEntry("neutral", 1);
        assertThat(count(with) - count(without)).isEqualTo(60);
    }

    private static int count(TrainingData data) {
        return data.split().train().size()
                + data.split().validation().size()
                + data.split().test().size();
    }

    @Test
    void theLimitAppliesToEachDataSet() throws Exception {
        for (TrainingData data : read(100, false).trainingData())
            assertThat(count(data)).isEqualTo(100);
    }
}
