// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.label.RoundLabels;
import java.util.List;

/**
 * What a round makes its candidate from, and judges it by.
 *
 * @param number the round's number, which names the candidate and seeds the training
 * @param active the model that it starts from
 * @param recent texts of recent tweets without labels
 * @param history what earlier rounds lost on the guard set
 */
public record RoundInput(
        int number, ModelArtefact active, RoundLabels labels, List<String> recent, GuardHistory history) {
    public RoundInput {
        recent = List.copyOf(recent);
    }
}
