// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Publishes only better models: those with a significant gain on held-out new labels that lose no more than a margin on
 * the guard set and on the behavioural cases, and that change no implausible share of the verdicts on recent tweets.
 *
 * <p>Whoever gives the new labels decides what a gain on them is. So nothing is published without a guard that no
 * labeller can change.
 *
 * <p>Held-out labels are tested on in every round until a model is published, so many small rounds reach a decision
 * too. There is no correction for repeated tests: each round without a real gain is published with a probability of up
 * to the level.
 *
 * @param level significance level: the largest one-sided p of the gain; in (0, 1)
 * @param margin the largest accepted loss of accuracy on the guard set, earlier rounds' included; in [0, 1]
 * @param behaviourMargin the same on the behavioural cases
 * @param changedVerdicts the largest accepted share of recent tweets that are classified otherwise; in (0, 1]
 */
public record Gate(double level, double margin, double behaviourMargin, double changedVerdicts) {
    public Gate {
        if (!(level > 0 && level < 1)) throw new IllegalArgumentException("the level must be in (0, 1), was " + level);
        requireShare("the margin", margin);
        requireShare("the margin of the behavioural cases", behaviourMargin);
        if (!(changedVerdicts > 0 && changedVerdicts <= 1))
            throw new IllegalArgumentException(
                    "the share of changed verdicts must be in (0, 1], was " + changedVerdicts);
    }

    private static void requireShare(String what, double share) {
        if (!(share >= 0 && share <= 1)) throw new IllegalArgumentException(what + " must be in [0, 1], was " + share);
    }

    /** Decides whether a candidate is published. */
    GateDecision decide(GateEvidence evidence) {
        McNemarTest heldOut = evidence.heldOut();
        String gain = "gain on " + sentence(heldOut, "held-out new label") + ", " + heldOut.gained() + " gained, "
                + heldOut.lost() + " lost, p " + p(heldOut);
        String measured = measured(evidence);
        if (!(heldOut.p() <= level))
            return new GateDecision.Withhold("no significant " + gain + ", above " + level + "; " + measured);
        List<String> objections = objections(evidence);
        return objections.isEmpty()
                ? new GateDecision.Publish("significant " + gain + "; " + measured)
                : new GateDecision.Withhold(
                        "significant " + gain + "; but " + String.join(", and ", objections) + "; " + measured);
    }

    private List<String> objections(GateEvidence evidence) {
        List<String> objections = new ArrayList<>();
        if (evidence.guard().isEmpty() && evidence.behaviour().isEmpty())
            objections.add("there is no guard set: set deeptweet.guard.file, or deeptweet.guard.behaviour=true");
        GuardHistory history = evidence.history();
        evidence.behaviour()
                .flatMap(test -> objection(test, "behavioural cases", behaviourMargin, history.behaviour()))
                .ifPresent(objections::add);
        evidence.guard()
                .flatMap(test -> objection(test, "guard set", margin, history.texts()))
                .ifPresent(objections::add);
        evidence.earlier()
                .flatMap(test -> objection(test, "earlier held-out labels", margin, 0))
                .ifPresent(objections::add);
        VerdictChange recent = evidence.recent();
        if (recent.isReliable() && recent.share() > changedVerdicts)
            objections.add("it changes the verdicts of more than " + percent(changedVerdicts) + " of recent tweets");
        return objections;
    }

    private static Optional<String> objection(McNemarTest test, String texts, double margin, double lostBefore) {
        double lost = lostBefore + test.activeAccuracy() - test.candidateAccuracy();
        // A loss of just the margin is accepted, rounding errors included.
        if (lost > margin + 1e-9)
            return Optional.of("a loss of more than " + percent(margin) + " on the " + texts
                    + (lostBefore > 0 ? ", of which earlier rounds lost " + percent(lostBefore) : ""));
        if (2 * test.candidateRight() < test.texts() && lost > 1e-9)
            return Optional.of("fewer than half of the " + texts + " are right");
        return Optional.empty();
    }

    private static String measured(GateEvidence evidence) {
        List<String> measured = new ArrayList<>();
        evidence.behaviour().ifPresent(test -> measured.add(sentence(test, "behavioural case")));
        evidence.guard().ifPresent(test -> measured.add("guard set of " + sentence(test, "text")));
        evidence.earlier().ifPresent(test -> measured.add(sentence(test, "earlier held-out label")));
        VerdictChange recent = evidence.recent();
        measured.add(
                recent.isReliable()
                        ? "%,d of %,d recent tweets change their verdict".formatted(recent.changed(), recent.texts())
                        : "too few recent tweets to compare verdicts (" + recent.texts() + ")");
        return String.join("; ", measured);
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
