// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final VerdictChange NO_TWEETS = new VerdictChange(0, 0);

    private final Gate gate = new Gate(0.05, 0.005, 0.02, 0.15);
    private final McNemarTest gain = test(1000, 800, 40, 15);
    private final McNemarTest none = test(1000, 800, 30, 28);
    private final McNemarTest guarded = test(2000, 1600, 10, 12);

    @Test
    void aSignificantGainWithoutALossIsPublished() {
        GateDecision decision = gate.decide(new GateEvidence(
                gain,
                Optional.of(test(600, 590, 1, 2)),
                Optional.of(guarded),
                Optional.empty(),
                new VerdictChange(500, 20),
                GuardHistory.NONE));
        assertThat(decision).isInstanceOf(GateDecision.Publish.class);
        assertThat(decision.because())
                .isEqualTo("significant gain on 1,000 held-out new labels: accuracy 80.00 % to 82.50 %, 40 gained, 15"
                        + " lost, "
                        + "p 0.0003; 600 behavioural cases: accuracy 98.33 % to 98.17 %;"
                        + " guard set of 2,000 texts: accuracy 80.00 % to 79.90 %;"
                        + " 20 of 500 recent tweets change their verdict");
    }

    @Test
    void aGainThatIsNotSignificantIsWithheld() {
        GateDecision decision = gate.decide(guardedBy(none, test(2000, 1600, 100, 0)));
        assertThat(decision).isInstanceOf(GateDecision.Withhold.class);
        assertThat(decision.because())
                .startsWith("no significant gain on 1,000 held-out new labels: accuracy 80.00 % to 80.20 %, 30 gained,"
                        + " 28 lost, p 0.39")
                .contains(", above 0.05");
    }

    @Test
    void aGainWithALossOnTheGuardSetIsWithheld() {
        assertWithheld(guardedBy(gain, test(2000, 1600, 0, 11)), "but a loss of more than 0.50 % on the guard set");
        assertThat(gate.decide(guardedBy(gain, test(2000, 1600, 0, 10))))
                .as("a loss of exactly the margin")
                .isInstanceOf(GateDecision.Publish.class);
    }

    @Test
    void aLossOnTheBehaviouralCasesIsWithheld() {
        assertWithheld(behaving(test(600, 590, 0, 13)), "but a loss of more than 2.00 % on the behavioural cases");
        assertThat(gate.decide(behaving(test(600, 590, 0, 12)))).isInstanceOf(GateDecision.Publish.class);
    }

    /** A model that is hardly better than chance has little to lose. */
    @Test
    void aCandidateThatIsWorseThanChanceIsWithheld() {
        assertWithheld(behaving(test(600, 302, 0, 5)), "fewer than half of the behavioural cases are right");
        assertThat(gate.decide(behaving(test(600, 290, 5, 0))))
                .as("a model that was worse may get better")
                .isInstanceOf(GateDecision.Publish.class);
    }

    @Test
    void whatEarlierRoundsLostCountsToo() {
        GateEvidence evidence = new GateEvidence(
                gain,
                Optional.of(test(600, 590, 0, 6)),
                Optional.of(guarded),
                Optional.empty(),
                NO_TWEETS,
                new GuardHistory(0, 0.011));
        assertWithheld(
                evidence, "a loss of more than 2.00 % on the behavioural cases, of which earlier rounds lost 1.10 %");
        assertThat(gate.decide(behaving(test(600, 590, 0, 6)))).isInstanceOf(GateDecision.Publish.class);
    }

    @Test
    void tooManyChangedVerdictsAreWithheld() {
        assertWithheld(recent(500, 76), "but it changes the verdicts of more than 15.00 % of recent tweets");
        assertThat(gate.decide(recent(500, 75))).isInstanceOf(GateDecision.Publish.class);
        assertThat(gate.decide(recent(99, 99)))
                .as("too few tweets to judge by")
                .isInstanceOf(GateDecision.Publish.class);
    }

    /** Labellers can change them, so they do not count as a guard. */
    @Test
    void earlierLabelsMayNotBeLostButDoNotGuard() {
        McNemarTest earlier = test(2000, 1600, 0, 11);
        assertWithheld(
                new GateEvidence(
                        gain,
                        Optional.of(guarded),
                        Optional.empty(),
                        Optional.of(earlier),
                        NO_TWEETS,
                        GuardHistory.NONE),
                "but a loss of more than 0.50 % on the earlier held-out labels");
        assertWithheld(
                new GateEvidence(
                        gain, Optional.empty(), Optional.empty(), Optional.of(guarded), NO_TWEETS, GuardHistory.NONE),
                "but there is no guard set: set deeptweet.guard.file, or deeptweet.guard.behaviour=true");
    }

    @Test
    void theLevelDecidesWhatIsSignificant() {
        assertThat(new Gate(0.0001, 0.005, 0.02, 1).decide(guardedBy(gain, guarded)))
                .isInstanceOf(GateDecision.Withhold.class);
        assertThat(new Gate(0.4, 0.005, 0.02, 1).decide(guardedBy(none, guarded)))
                .isInstanceOf(GateDecision.Publish.class);
    }

    @Test
    void nonsenseIsRefused() {
        for (double wrong : new double[] {0, 1, Double.NaN}) assertRefused(wrong, 0, 0, 1);
        for (double wrong : new double[] {-0.1, 1.1, Double.NaN}) {
            assertRefused(0.05, wrong, 0, 1);
            assertRefused(0.05, 0, wrong, 1);
        }
        for (double wrong : new double[] {0, 1.1, Double.NaN}) assertRefused(0.05, 0, 0, wrong);
    }

    private static void assertRefused(double level, double margin, double behaviour, double changed) {
        assertThatThrownBy(() -> new Gate(level, margin, behaviour, changed))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void assertWithheld(GateEvidence evidence, String because) {
        GateDecision decision = gate.decide(evidence);
        assertThat(decision).isInstanceOf(GateDecision.Withhold.class);
        assertThat(decision.because()).contains(because);
    }

    private static GateEvidence guardedBy(McNemarTest heldOut, McNemarTest guard) {
        return new GateEvidence(
                heldOut, Optional.empty(), Optional.of(guard), Optional.empty(), NO_TWEETS, GuardHistory.NONE);
    }

    private GateEvidence behaving(McNemarTest behaviour) {
        return new GateEvidence(
                gain, Optional.of(behaviour), Optional.empty(), Optional.empty(), NO_TWEETS, GuardHistory.NONE);
    }

    private GateEvidence recent(int texts, int changed) {
        return new GateEvidence(
                gain,
                Optional.empty(),
                Optional.of(guarded),
                Optional.empty(),
                new VerdictChange(texts, changed),
                GuardHistory.NONE);
    }

    private static McNemarTest test(int texts, int right, int gained, int lost) {
        return new McNemarTest(texts, right, right + gained - lost, gained, lost);
    }
}
