// SPDX-License-Identifier: Apache-2.0
/** The guard set: texts on which no candidate of a round may lose, whoever gave the labels of the round. */
package io.deeptweet.trainer.guard;
