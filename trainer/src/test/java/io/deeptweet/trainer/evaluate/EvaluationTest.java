// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.evaluate.Evaluation.CalibrationBin;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final Offset<Double> EXACT = within(1e-6);

    private static Evaluation.ClassMetrics metrics(Evaluation evaluation, SentimentClass sentiment) {
        return evaluation.of(sentiment).orElseThrow();
    }

    private static ScoredText scored(SentimentClass label, float polarity, float opinion) {
        return new ScoredText(new LabeledText("", label), new Score(polarity, opinion, "", 0, 0));
    }

    /** Of 2 negative texts 1 is classified right, of 2 neutral ones 1, of 1 positive one none. */
    @Test
    void threeClassesHaveMetricsOfTheirOwn() {
        Evaluation evaluation = Evaluation.of(List.of(
                scored(SentimentClass.NEGATIVE, 0.1f, 0.9f),
                scored(SentimentClass.NEGATIVE, 0.5f, 0.2f),
                scored(SentimentClass.NEUTRAL, 0.5f, 0.4f),
                scored(SentimentClass.NEUTRAL, 0.9f, 0.9f),
                scored(SentimentClass.POSITIVE, 0.9f, 0.4f)));
        assertThat(evaluation.confusion())
                .isEqualTo(Map.of(
                        "negative", Map.of("negative", 1, "neutral", 1, "positive", 0),
                        "neutral", Map.of("negative", 0, "neutral", 1, "positive", 1),
                        "positive", Map.of("negative", 0, "neutral", 1, "positive", 0)));
        assertThat(evaluation.accuracy()).isEqualTo(2 / 5.0, EXACT);
        assertThat(evaluation.macroRecall()).isEqualTo((0.5 + 0.5 + 0) / 3, EXACT);
        assertThat(metrics(evaluation, SentimentClass.NEUTRAL).precision()).isEqualTo(1 / 3.0, EXACT);
        assertThat(evaluation.logLoss())
                .isEqualTo(
                        -(Math.log(0.81) + Math.log(0.1) + Math.log(0.6) + Math.log(0.1) + Math.log(0.36)) / 5, EXACT);
        // 0.9 is above 0.1 and 0.5.
        assertThat(evaluation.rocAuc()).hasValue(1);
        assertThat(evaluation.histograms()).containsOnlyKeys("negative", "neutral", "positive");
    }

    /** Nobody asked the labellers of a text of two classes whether it has an opinion. */
    @Test
    void textsOfTwoClassesAreJudgedByPolarity() {
        ScoredText scored = new ScoredText(new LabeledText("", true), new Score(0.8f, 0.1f, "", 0, 0));
        assertThat(scored.right()).isTrue();
        assertThat(Evaluation.of(List.of(scored)).logLoss()).isEqualTo(-Math.log(0.8), EXACT);
    }

    /** Of 4 positive texts 3 are classified right, of 4 negative ones 2. */
    @Test
    void theMetricsOfASmallExampleAreRight() {
        Evaluation evaluation = Evaluation.of(
                new float[] {0.9f, 0.8f, 0.5f, 0.3f, 0.6f, 0.55f, 0.2f, 0.1f},
                new boolean[] {true, true, true, true, false, false, false, false});
        assertThat(evaluation.confusion())
                .isEqualTo(Map.of(
                        "negative", Map.of("negative", 2, "positive", 2),
                        "positive", Map.of("negative", 1, "positive", 3)));
        assertThat(evaluation.accuracy()).isEqualTo(5 / 8.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.POSITIVE).precision()).isEqualTo(3 / 5.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.POSITIVE).recall()).isEqualTo(3 / 4.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.POSITIVE).f1()).isEqualTo(2 / 3.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.NEGATIVE).precision()).isEqualTo(2 / 3.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.NEGATIVE).recall()).isEqualTo(2 / 4.0, EXACT);
        assertThat(metrics(evaluation, SentimentClass.NEGATIVE).f1()).isEqualTo(4 / 7.0, EXACT);
        assertThat(evaluation.macroF1()).isEqualTo((2 / 3.0 + 4 / 7.0) / 2, EXACT);
        // 4 × 4 pairs: 0.9 and 0.8 win 4 each, 0.5 and 0.3 win 2 each.
        assertThat(evaluation.rocAuc()).hasValueCloseTo(12 / 16.0, EXACT);
        assertThat(evaluation.logLoss())
                .isEqualTo(
                        -(Math.log(0.9)
                                        + Math.log(0.8)
                                        + Math.log(0.5)
                                        + Math.log(0.3)
                                        + Math.log(0.4)
                                        + Math.log(0.45)
                                        + Math.log(0.8)
                                        + Math.log(0.9))
                                / 8,
                        EXACT);
    }

    @Test
    void theHistogramCountsTextsByProbability() {
        assertThat(Evaluation.of(new float[] {0.05f, 0.5f, 0.55f, 1}, new boolean[] {false, true, true, true})
                        .histograms())
                .containsEntry("positive", List.of(1L, 0L, 0L, 0L, 0L, 2L, 0L, 0L, 0L, 1L))
                .containsEntry("neutral", List.of(4L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L))
                .containsOnlyKeys("negative", "neutral", "positive");
    }

    @Test
    void tiesCountHalf() {
        assertThat(Evaluation.of(new float[] {0.5f, 0.5f, 0.5f}, new boolean[] {true, false, false})
                        .rocAuc())
                .hasValueCloseTo(0.5, EXACT);
        assertThat(Evaluation.of(new float[] {0.2f, 0.2f, 0.9f}, new boolean[] {true, false, true})
                        .rocAuc())
                .hasValueCloseTo(0.75, EXACT);
    }

    @Test
    void confidentMistakesAreACalibrationError() {
        assertThat(Evaluation.of(new float[] {1, 1, 0, 0}, new boolean[] {true, false, true, false})
                        .calibrationError())
                .isEqualTo(0.5, EXACT);
        Random random = new Random(1);
        float[] probabilities = new float[200_000];
        boolean[] positive = new boolean[probabilities.length];
        for (int i = 0; i < positive.length; i++)
            positive[i] = random.nextFloat() < (probabilities[i] = random.nextFloat());
        assertThat(Evaluation.of(probabilities, positive).calibrationError()).isLessThan(0.01);
        assertThat(Evaluation.of(probabilities, positive).calibration().orElseThrow())
                .hasSize(15)
                .allSatisfy(bin -> assertThat(bin.right()).isBetween(bin.probability() - 0.1, bin.probability() + 0.1))
                .satisfies(bins -> assertThat(
                                bins.stream().mapToInt(CalibrationBin::texts).sum())
                        .isEqualTo(probabilities.length));
    }

    @Test
    void theLogLossOfACertainMistakeIsFinite() {
        assertThat(Evaluation.of(new float[] {0}, new boolean[] {true}).logLoss())
                .isEqualTo(-Math.log(1e-7), EXACT);
    }

    @Test
    void aSingleClassHasNoRocAuc() {
        Evaluation evaluation = Evaluation.of(new float[] {0.9f, 0.1f}, new boolean[] {true, true});
        assertThat(evaluation.rocAuc()).isEmpty();
        assertThat(metrics(evaluation, SentimentClass.NEGATIVE)).isEqualTo(new Evaluation.ClassMetrics(0, 0, 0, 0));
    }

    @Test
    void noTextsOrMissingLabelsAreRefused() {
        assertThatThrownBy(() -> Evaluation.of(new float[0], new boolean[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Evaluation.of(new float[2], new boolean[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
