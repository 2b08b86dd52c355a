// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

/** Whether a candidate takes over. */
public sealed interface GateDecision {
    /** Why, in a sentence. */
    String because();

    /** It does. */
    record Publish(String because) implements GateDecision {}

    /** It does not. */
    record Withhold(String because) implements GateDecision {}
}
