// SPDX-License-Identifier: Apache-2.0
/**
 * Scores texts with the weights of a model, without a training library: an LSTM compiled into tables, and a linear term
 * of n-grams beside it. {@link io.deeptweet.model.score.KernelScorer} is the entry.
 */
package io.deeptweet.model.score;
