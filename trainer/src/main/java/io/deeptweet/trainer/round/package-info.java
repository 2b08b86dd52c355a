// SPDX-License-Identifier: Apache-2.0
/**
 * Rounds of fine-tuning: when one starts, how it makes a candidate from new labels, whether the candidate is published,
 * and how all of it is committed in one transaction.
 */
package io.deeptweet.trainer.round;
