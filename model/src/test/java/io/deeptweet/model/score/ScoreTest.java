// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreTest {
    @ParameterizedTest
    @CsvSource({
        "0.9, 1,    POSITIVE, 0.8",
        "0.5, 1,    POSITIVE, 0",
        "0.2, 1,    NEGATIVE, 0.6",
        "0.9, 0.4,  NEUTRAL,  0.24",
        "0.9, 0.6,  POSITIVE, 0.14",
        "0.5, 0.6,  NEUTRAL,  0.1",
        "0.5, 0,    NEUTRAL,  1",
    })
    void theMostProbableClassHasAMargin(float polarity, float opinion, SentimentClass expected, float margin) {
        Score score = new Score(polarity, opinion, "v1", 1, 0);
        assertThat(score.sentiment()).isEqualTo(expected);
        assertThat(score.margin()).isCloseTo(margin, within(1e-6f));
    }

    @Test
    void theProbabilitiesSumToOne() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Score score = new Score(random.nextFloat(), random.nextFloat(), "v1", 1, 0);
            assertThat(score.negative() + score.neutral() + score.positive()).isCloseTo(1, within(1e-6f));
        }
    }

    @Test
    void whatIsNoProbabilityIsRefused() {
        for (float value : new float[] {-0.1f, 1.1f, Float.NaN}) {
            assertThatThrownBy(() -> new Score(value, "v1")).hasMessageStartingWith("polarity must be in [0, 1]");
            assertThatThrownBy(() -> new Score(0.5f, value, "v1", 1, 0))
                    .hasMessageStartingWith("opinion must be in [0, 1]");
        }
    }
}
