// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingDataTest {
    /** A validation or test text must not be trained on, even with the teacher's label. */
    @Test
    void labelledTextsAreNotAddedAgainAsUnlabelledOnes() {
        Split.Assignments assignments = new Split.Assignments();
        List<LabeledText> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) texts.add(new LabeledText("text w" + Integer.toString(i + 40, 36), i % 2 == 0));
        DataSet set = new DataSet("synthetic", texts.size(), texts, DroppedRows.NONE);
        TrainingData data =
                TrainingData.of(List.of(set), TextPipeline.deepTweet(), 64, 0, Split.FINE_TUNING, 1, assignments);
        List<String> again =
                new ArrayList<>(texts.stream().map(LabeledText::text).toList());
        again.addAll(List.of("new", "new", "", "newer"));
        assertThat(data.withUnlabeled(again, TextPipeline.deepTweet(), 64, 0, 1, assignments)
                        .unlabeled())
                .extracting(TrainingData.Unlabeled::text)
                .containsExactly("new", "newer");
    }

    @Test
    void neutralTextsNeedOthersInTheirFile() {
        List<LabeledText> neutral = new ArrayList<>();
        List<LabeledText> two = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            neutral.add(new LabeledText("plain w" + i, SentimentClass.NEUTRAL));
            two.add(new LabeledText("text w" + i, i % 2 == 0));
        }
        List<DataSet> sets = List.of(
                new DataSet("neutral", 60, LabeledText.ofOneSet("neutral", neutral), DroppedRows.NONE),
                new DataSet("two", 60, two, DroppedRows.NONE));
        assertThatThrownBy(() -> TrainingData.of(
                        sets, TextPipeline.deepTweet(), 64, 0, Split.FROM_SCRATCH, 1, new Split.Assignments()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("neutral texts need negative and positive ones in the same file");
    }
}
