// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.McNemarTest;
import io.deeptweet.trainer.train.TrainedModel;
import java.util.Optional;

/**
 * The result of a round's fine-tuning.
 *
 * @param candidate the fine-tuned model; empty if there was too little to train on or to test on
 * @param trained number of texts trained on, those rehearsed included
 * @param rehearsed number of earlier texts among them
 * @param validated number of texts validated on
 * @param unused number of new labels that exceeded a labeller's share
 * @param evidence what the gate judged the candidate by; empty if there is no candidate
 * @param seconds time for training and testing
 */
public record RoundOutcome(
        GateDecision decision,
        Optional<TrainedModel> candidate,
        int trained,
        int rehearsed,
        int validated,
        int unused,
        Optional<GateEvidence> evidence,
        double seconds) {
    /** The outcome of a round without a candidate. */
    static RoundOutcome withheld(
            String because, int trained, int rehearsed, int validated, int unused, double seconds) {
        return new RoundOutcome(
                new GateDecision.Withhold(because),
                Optional.empty(),
                trained,
                rehearsed,
                validated,
                unused,
                Optional.empty(),
                seconds);
    }

    /** Active model and candidate on held-out new labels. */
    public Optional<McNemarTest> heldOut() {
        return evidence.map(GateEvidence::heldOut);
    }

    /** Active model and candidate on the behavioural cases. */
    public Optional<McNemarTest> behaviour() {
        return evidence.flatMap(GateEvidence::behaviour);
    }

    /** Active model and candidate on the operator's guard set. */
    public Optional<McNemarTest> guard() {
        return evidence.flatMap(GateEvidence::guard);
    }

    /** Whether the candidate is published. */
    public boolean published() {
        return decision instanceof GateDecision.Publish;
    }
}
