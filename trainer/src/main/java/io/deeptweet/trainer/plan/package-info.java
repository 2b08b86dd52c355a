// SPDX-License-Identifier: Apache-2.0
/**
 * Plans of trainings: everything that decides a model besides its data. The commands {@code train} and
 * {@code fine-tune} make plans of their options, and {@code benchmark} of files.
 */
package io.deeptweet.trainer.plan;
