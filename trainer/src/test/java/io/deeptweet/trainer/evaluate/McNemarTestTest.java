// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.trainer.data.LabeledText;
import java.util.List;
import org.junit.jupiter.api.Test;

class McNemarTestTest {
    /**
     * Table 1 of Fagerland, Lydersen and Laake, 2013 (airway hyper-responsiveness of 21 children before and after stem
     * cell transplantation: 7 changed one way and 1 the other): two-sided mid-p 0.039, twice ours.
     */
    @Test
    void thePublishedExampleOfAirwaysHasThePublishedP() {
        assertThat(2 * differences(21, 7, 1).p()).isCloseTo(0.0391, within(0.0001));
    }

    /**
     * Table 2 of the same (161 patients before and after consolidation therapy: 16 and 6 changed): two-sided mid-p
     * 0.035.
     */
    @Test
    void thePublishedExampleOfConsolidationHasThePublishedP() {
        assertThat(2 * differences(161, 16, 6).p()).isCloseTo(0.0347, within(0.0001));
    }

    @Test
    void gainAndLossAreTwoSidesOfOneTest() {
        assertThat(differences(50, 9, 4).p() + differences(50, 4, 9).p()).isCloseTo(1, within(1e-12));
        assertThat(differences(50, 5, 5).p()).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void modelsThatNeverDifferHavePOneHalf() {
        assertThat(differences(100, 0, 0).p()).isEqualTo(0.5);
    }

    /** From n = 1,075 on 2⁻ⁿ is too small for a double. For so many texts the distribution is normal: z = 2.53. */
    @Test
    void manyDifferencesDoNotUnderflow() {
        assertThat(differences(10_000, 1_300, 1_175).p()).isCloseTo(0.0060, within(0.0002));
        assertThat(differences(10_000, 3_000, 0).p()).isBetween(0.0, 1e-300);
    }

    @Test
    void textsAreComparedInPairs() {
        List<ScoredText> active =
                List.of(scored(true, 0.9f), scored(true, 0.1f), scored(false, 0.1f), scored(false, 0.9f));
        List<ScoredText> candidate =
                List.of(scored(true, 0.1f), scored(true, 0.9f), scored(false, 0.2f), scored(false, 0.1f));
        McNemarTest test = McNemarTest.of(active, candidate);
        assertThat(test).isEqualTo(new McNemarTest(4, 2, 3, 2, 1));
        assertThat(test.activeAccuracy()).isEqualTo(0.5);
        assertThat(test.candidateAccuracy()).isEqualTo(0.75);
    }

    @Test
    void impossibleCountsAreRefused() {
        assertThatThrownBy(() -> new McNemarTest(10, 5, 5, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new McNemarTest(0, 0, 0, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    private static McNemarTest differences(int texts, int gained, int lost) {
        return new McNemarTest(texts, texts / 4 + lost, texts / 4 + gained, gained, lost);
    }

    private static ScoredText scored(boolean positive, float probability) {
        return new ScoredText(new LabeledText("a text", positive), new Score(probability, "synthetic"));
    }
}
