// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

/**
 * An epoch of the network's training.
 *
 * @param number from 1
 * @param loss mean over the training texts during the epoch, with dropout
 * @param validationLoss log loss on the validation texts after the epoch; of three classes, the sum over both heads
 * @param validationAccuracy after the epoch, in [0, 1]
 * @param seconds of training, without validation
 */
public record Epoch(int number, double loss, double validationLoss, double validationAccuracy, double seconds) {}
