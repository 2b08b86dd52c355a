// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.Optional;

/**
 * What the gate judges a candidate by, each time the active model and the candidate on the same texts.
 *
 * @param heldOut held-out labels that are new to the active model
 * @param behaviour cases of behavioural tests; empty if they are switched off
 * @param guard the operator's guard set; empty if there is none
 * @param earlier held-out labels from before the last publication; empty if there are none, or a guard set instead
 * @param recent verdicts on recent tweets without labels
 * @param history what earlier rounds lost on the guard set
 */
record GateEvidence(
        McNemarTest heldOut,
        Optional<McNemarTest> behaviour,
        Optional<McNemarTest> guard,
        Optional<McNemarTest> earlier,
        VerdictChange recent,
        GuardHistory history) {}
