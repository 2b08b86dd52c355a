// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

/**
 * What an epoch came to.
 *
 * @param number from 1
 * @param loss mean over the training texts, with dropout, while the weights changed
 * @param validationLoss log loss on the validation texts after it
 * @param validationAccuracy on the validation texts after it, in [0, 1]
 * @param seconds that its training took, without validation
 */
public record Epoch(int number, double loss, double validationLoss, double validationAccuracy, double seconds) {}
