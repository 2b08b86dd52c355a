// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final Offset<Double> EXACT = within(1e-6);

    /** Of 4 positive texts 3 are classified right, of 4 negative ones 2. */
    @Test
    void theMetricsOfASmallExampleAreRight() {
        Evaluation evaluation = Evaluation.of(
                new float[] {0.9f, 0.8f, 0.5f, 0.3f, 0.6f, 0.55f, 0.2f, 0.1f},
                new boolean[] {true, true, true, true, false, false, false, false});
        assertThat(evaluation.confusion()).isEqualTo(new Evaluation.Confusion(2, 2, 1, 3));
        assertThat(evaluation.accuracy()).isEqualTo(5 / 8.0, EXACT);
        assertThat(evaluation.positive().precision()).isEqualTo(3 / 5.0, EXACT);
        assertThat(evaluation.positive().recall()).isEqualTo(3 / 4.0, EXACT);
        assertThat(evaluation.positive().f1()).isEqualTo(2 / 3.0, EXACT);
        assertThat(evaluation.negative().precision()).isEqualTo(2 / 3.0, EXACT);
        assertThat(evaluation.negative().recall()).isEqualTo(2 / 4.0, EXACT);
        assertThat(evaluation.negative().f1()).isEqualTo(4 / 7.0, EXACT);
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
                        .histogram())
                .containsExactly(1L, 0L, 0L, 0L, 0L, 2L, 0L, 0L, 0L, 1L);
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
        assertThat(evaluation.negative()).isEqualTo(new Evaluation.ClassMetrics(0, 0, 0, 0));
    }

    @Test
    void noTextsOrMissingLabelsAreRefused() {
        assertThatThrownBy(() -> Evaluation.of(new float[0], new boolean[0]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Evaluation.of(new float[2], new boolean[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
