// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.Locale;
import java.util.Optional;

/**
 * Publishes only better models: those with a significant gain on held-out new labels that lose no more than a margin on
 * the guard set.
 *
 * <p>Held-out labels are tested on in every round until a model is published, so many small rounds reach a decision
 * too. There is no correction for repeated tests: each round without a real gain is published with a probability of up
 * to the level.
 *
 * @param level significance level: the largest one-sided p of the gain; in (0, 1)
 * @param margin the largest accepted loss of accuracy on the guard set; in [0, 1]
 */
public record Gate(double level, double margin) {
    public Gate {
        if (!(level > 0 && level < 1)) throw new IllegalArgumentException("the level must be in (0, 1), was " + level);
        if (!(margin >= 0 && margin <= 1))
            throw new IllegalArgumentException("the margin must be in [0, 1], was " + margin);
    }

    /**
     * Decides whether a candidate is published.
     *
     * @param heldOut active model and candidate on held-out labels that are new to the active model
     * @param guard both on the guard set; empty if there is none
     */
    public GateDecision decide(McNemarTest heldOut, Optional<McNemarTest> guard) {
        String gain = "gain on " + sentence(heldOut, "held-out new label") + ", " + heldOut.gained() + " gained, "
                + heldOut.lost() + " lost, p " + p(heldOut);
        String guarded = guard.map(test -> "guard set of " + sentence(test, "text"))
                .orElse("there is no guard set, so what the candidate forgot is unknown");
        if (!(heldOut.p() <= level))
            return new GateDecision.Withhold("no significant " + gain + ", above " + level + "; " + guarded);
        if (guard.filter(this::losesTooMuch).isPresent())
            return new GateDecision.Withhold(
                    "significant " + gain + "; but a loss of more than " + percent(margin) + " on the " + guarded);
        return new GateDecision.Publish("significant " + gain + "; " + guarded);
    }

    private boolean losesTooMuch(McNemarTest guard) {
        // A loss of just the margin is accepted, rounding errors included.
        return guard.activeRight() - guard.candidateRight() > margin * guard.texts() + 1e-9;
    }

    private static String sentence(McNemarTest test, String unit) {
        return String.format(
                Locale.ROOT,
                "%,d %s%s: accuracy %s to %s",
                test.texts(),
                unit,
                test.texts() == 1 ? "" : "s",
                percent(test.activeAccuracy()),
                percent(test.candidateAccuracy()));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String p(McNemarTest test) {
        return test.p() < 0.0001 ? "below 0.0001" : String.format(Locale.ROOT, "%.4f", test.p());
    }
}
