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
 * @param heldOut active model and candidate on held-out new labels; empty if there is no candidate
 * @param guard both on the guard set; empty if there is none, or no candidate
 * @param seconds time for training and testing
 */
public record RoundOutcome(
        GateDecision decision,
        Optional<TrainedModel> candidate,
        int trained,
        int rehearsed,
        int validated,
        Optional<McNemarTest> heldOut,
        Optional<McNemarTest> guard,
        double seconds) {
    /** The outcome of a round without a candidate. */
    static RoundOutcome withheld(String because, int trained, int rehearsed, int validated, double seconds) {
        return new RoundOutcome(
                new GateDecision.Withhold(because),
                Optional.empty(),
                trained,
                rehearsed,
                validated,
                Optional.empty(),
                Optional.empty(),
                seconds);
    }

    /** Whether the candidate is published. */
    public boolean published() {
        return decision instanceof GateDecision.Publish;
    }
}
