// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import java.util.Optional;

/**
 * A trained and calibrated network with its n-grams.
 *
 * @param run of the network; empty if its encoder was frozen
 * @param weights of network and n-grams, with the scales below multiplied in
 * @param networkScale factor of the network's logit in the sum
 * @param ngramScale factor of the n-grams' logit in the sum; 0 without n-grams
 * @param trainingTexts in an epoch of the network
 */
public record TrainingResult(
        Optional<TrainingRun> run, Weights weights, double networkScale, double ngramScale, int trainingTexts) {}
