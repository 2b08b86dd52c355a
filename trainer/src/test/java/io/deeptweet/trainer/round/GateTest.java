// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private final Gate gate = new Gate(0.05, 0.005);
    private final McNemarTest gain = test(1000, 800, 40, 15);
    private final McNemarTest none = test(1000, 800, 30, 28);

    @Test
    void aSignificantGainWithoutALossIsPublished() {
        GateDecision decision = gate.decide(gain, Optional.of(test(2000, 1600, 10, 12)));
        assertThat(decision).isInstanceOf(GateDecision.Publish.class);
        assertThat(decision.because())
                .isEqualTo("significant gain on 1,000 held-out new labels: accuracy 80.00 % to 82.50 %, 40 gained, 15"
                        + " lost, "
                        + "p 0.0003; guard set of 2,000 texts: accuracy 80.00 % to 79.90 %");
    }

    @Test
    void aGainThatIsNotSignificantIsWithheld() {
        GateDecision decision = gate.decide(none, Optional.of(test(2000, 1600, 100, 0)));
        assertThat(decision).isInstanceOf(GateDecision.Withhold.class);
        assertThat(decision.because())
                .startsWith("no significant gain on 1,000 held-out new labels: accuracy 80.00 % to 80.20 %, 30 gained,"
                        + " 28 lost, p 0.39")
                .contains(", above 0.05");
    }

    @Test
    void aGainWithALossOnTheGuardSetIsWithheld() {
        GateDecision decision = gate.decide(gain, Optional.of(test(2000, 1600, 0, 11)));
        assertThat(decision).isInstanceOf(GateDecision.Withhold.class);
        assertThat(decision.because())
                .contains(
                        "but a loss of more than 0.50 % on the guard set of 2,000 texts: accuracy 80.00 % to 79.45 %");
        assertThat(gate.decide(gain, Optional.of(test(2000, 1600, 0, 10))))
                .as("a loss of exactly the margin")
                .isInstanceOf(GateDecision.Publish.class);
    }

    @Test
    void aMissingGuardSetIsMentioned() {
        assertThat(gate.decide(gain, Optional.empty()))
                .isInstanceOf(GateDecision.Publish.class)
                .extracting(GateDecision::because)
                .asString()
                .contains("there is no guard set, so what the candidate forgot is unknown");
    }

    @Test
    void theLevelDecidesWhatIsSignificant() {
        assertThat(new Gate(0.0001, 0.005).decide(gain, Optional.empty())).isInstanceOf(GateDecision.Withhold.class);
        assertThat(new Gate(0.4, 0.005).decide(none, Optional.empty())).isInstanceOf(GateDecision.Publish.class);
        for (double wrong : new double[] {0, 1, Double.NaN})
            assertThatThrownBy(() -> new Gate(wrong, 0)).isInstanceOf(IllegalArgumentException.class);
        for (double wrong : new double[] {-0.1, 1.1, Double.NaN})
            assertThatThrownBy(() -> new Gate(0.05, wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    private static McNemarTest test(int texts, int right, int gained, int lost) {
        return new McNemarTest(texts, right, right + gained - lost, gained, lost);
    }
}
