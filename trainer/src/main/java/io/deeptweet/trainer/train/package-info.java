// SPDX-License-Identifier: Apache-2.0
/**
 * Trains models: network, n-grams, and the weights with which their logits are added. The result is a model's file with
 * its report.
 */
package io.deeptweet.trainer.train;
