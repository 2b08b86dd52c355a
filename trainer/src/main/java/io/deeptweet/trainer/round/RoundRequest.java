// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

/** The answer to a request for a round. */
public enum RoundRequest {
    /** A round starts now. */
    STARTING,
    /** A round is running already. */
    ALREADY_RUNNING,
    /** There is no new label to train on. */
    NO_LABELS,
    /** This trainer is starting, reading labels, or not the active one. */
    NOT_READY
}
