// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

/** Whether a round publishes its candidate. */
public sealed interface GateDecision {
    /** Why, in a sentence. */
    String because();

    /** The candidate becomes the active model. */
    record Publish(String because) implements GateDecision {}

    /** The active model stays. */
    record Withhold(String because) implements GateDecision {}
}
