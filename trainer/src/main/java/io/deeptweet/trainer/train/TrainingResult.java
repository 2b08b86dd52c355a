// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import java.util.List;
import java.util.Optional;

/**
 * A trained and calibrated network with its n-grams.
 *
 * @param run of the network; empty if its encoder was frozen
 * @param weights of network and n-grams, with the sums below multiplied in
 * @param sums of network and n-grams, one per head
 * @param trainingTexts in an epoch of the network
 */
public record TrainingResult(Optional<TrainingRun> run, Weights weights, List<LogitSum> sums, int trainingTexts) {}
