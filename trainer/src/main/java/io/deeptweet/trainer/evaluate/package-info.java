// SPDX-License-Identifier: Apache-2.0
/** Evaluates models: metrics of scores against labels, and the test of whether one model is better than another. */
package io.deeptweet.trainer.evaluate;
