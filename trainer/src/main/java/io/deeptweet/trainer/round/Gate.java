// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.Locale;
import java.util.Optional;

/**
 * Lets only better models through: one that gains on held-out new labels more than chance would, and does not lose more
 * than a margin on earlier ones.
 *
 * <p>Held-out labels measure in every round until a model is published, so that many small rounds come to an answer
 * too. Each look is at the level: who runs many rounds that gain nothing gives chance as many tries.
 *
 * @param level of the paired test: the gain's one-sided p may be this much at most; in (0, 1)
 * @param margin how much of its accuracy on the guard set a candidate may lose; in [0, 1]
 */
public record Gate(double level, double margin) {
    public Gate {
        if (!(level > 0 && level < 1)) throw new IllegalArgumentException("the level must be in (0, 1), was " + level);
        if (!(margin >= 0 && margin <= 1))
            throw new IllegalArgumentException("the margin must be in [0, 1], was " + margin);
    }

    /**
     * Decides.
     *
     * @param heldOut on held-out labels that are new to the active model
     * @param guard on earlier tweets; empty if there are none
     */
    public GateDecision decide(McNemarTest heldOut, Optional<McNemarTest> guard) {
        String fresh = "on " + of(heldOut, "held-out new label") + ": " + heldOut.gained() + " gained, "
                + heldOut.lost() + " lost, p " + p(heldOut);
        String earlier = guard.map(test -> "on " + of(test, "earlier tweet"))
                .orElse("there is no guard set, so nothing says what it forgot");
        if (!(heldOut.p() <= level))
            return new GateDecision.Withhold(
                    "no gain that could not be chance " + fresh + ", more than " + level + "; " + earlier);
        if (guard.isPresent()
                && guard.get().activeRight() - guard.get().candidateRight()
                        > margin * guard.get().texts() + 1e-9)
            return new GateDecision.Withhold(
                    "it gains " + fresh + ", but loses more than " + percent(margin) + " " + earlier);
        return new GateDecision.Publish("it gains " + fresh + "; " + earlier);
    }

    private static String of(McNemarTest test, String what) {
        return String.format(
                Locale.ROOT,
                "%,d %s%s from %s to %s",
                test.texts(),
                what,
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
