// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import java.util.Optional;

/**
 * What the trainer does now.
 *
 * @param newLabels number of labels that no round has consumed
 * @param earlierLabels number of earlier labels that are kept
 * @param round number of the running round; 0 if none runs
 * @param step progress of the running round, in words; empty if none runs
 * @param fault why it cannot work now, in a sentence; empty if it can
 */
public record RoundStatus(
        State state, int newLabels, int earlierLabels, int round, String step, Optional<String> fault) {
    /** What the trainer does. */
    public enum State {
        /** It connects to Kafka and joins the group of trainers. */
        STARTING,
        /** Another trainer is active; this one takes over if that one stops. */
        STANDBY,
        /** It reads the labels that are on the topic. */
        READING,
        /** It waits for new labels. */
        WAITING,
        /** A round fine-tunes a model. */
        TRAINING,
        /** A round commits its result. */
        COMMITTING
    }

    /** A status without labels and without a round. */
    static RoundStatus of(State state, String step, Optional<String> fault) {
        return new RoundStatus(state, 0, 0, 0, step, fault);
    }
}
