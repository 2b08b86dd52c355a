// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {
    @Test
    void aBinIncludesItsLowerEndAndTheLastOneBothEnds() {
        assertThat(ScoreHistogram.of(0, 0.0999f, 0.5f, 0.55f, 0.9999f, 1).counts())
                .containsExactly(2L, 0L, 0L, 0L, 0L, 2L, 0L, 0L, 0L, 2L);
    }

    @Test
    void theFloatBelowOneHalfIsInTheLowerHalf() {
        assertThat(ScoreHistogram.of(Math.nextDown(0.5f)).counts().get(4)).isEqualTo(1);
    }

    @Test
    void scoresBelowAMultipleOfATenthAreCounted() {
        ScoreHistogram histogram = ScoreHistogram.of(0.05f, 0.1f, 0.19f, 0.2f, 1);
        assertThat(List.of(histogram.below(0), histogram.below(1), histogram.below(2), histogram.below(10)))
                .containsExactly(0L, 1L, 3L, 5L);
    }

    @Test
    void histogramsAddUp() {
        assertThat(ScoreHistogram.of(0.1f).plus(ScoreHistogram.of(0.1f, 0.95f)).plus(ScoreHistogram.EMPTY))
                .isEqualTo(ScoreHistogram.of(0.1f, 0.95f, 0.1f));
        assertThat(ScoreHistogram.of(0.1f, 0.95f).total()).isEqualTo(2);
        assertThat(ScoreHistogram.EMPTY.shares()).containsOnly(0);
    }

    /** Shares of ½ and ½ against ¼ and ¾: ¼·ln 2 − ¼·ln ⅔ = ¼·ln 3. */
    @Test
    void theIndexIsThatOfAWorkedExample() {
        ScoreHistogram even = ScoreHistogram.of(0.05f, 0.95f);
        assertThat(even.populationStabilityIndex(
                        ScoreHistogram.of(0.05f, 0.95f, 0.95f, 0.95f).shares()))
                .isCloseTo(Math.log(3) / 4, within(1e-12));
        assertThat(even.populationStabilityIndex(even.shares())).isZero();
    }

    @Test
    void anEmptyBinGivesALargeButFiniteIndex() {
        assertThat(ScoreHistogram.of(0.05f)
                        .populationStabilityIndex(ScoreHistogram.of(0.95f).shares()))
                .isBetween(15.0, 20.0);
    }

    @Test
    void withoutAChangeTheIndexIsAboutBinsDividedByScores() {
        Random random = new Random(7);
        double sum = 0;
        for (int run = 0; run < 200; run++) {
            float[] scores = new float[500];
            for (int i = 0; i < scores.length; i++) scores[i] = random.nextFloat();
            double[] uniform = new double[ScoreHistogram.BINS];
            Arrays.fill(uniform, 1.0 / ScoreHistogram.BINS);
            sum += ScoreHistogram.of(scores).populationStabilityIndex(uniform);
        }
        assertThat(sum / 200).isCloseTo(9 / 500.0, within(0.003));
    }

    @Test
    void invalidCountsAreRefused() {
        assertThatThrownBy(() -> new ScoreHistogram(List.of(1L))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ScoreHistogram(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, -1L)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
