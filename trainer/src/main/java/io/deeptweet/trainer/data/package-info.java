// SPDX-License-Identifier: Apache-2.0
/**
 * Labelled data sets: reads them from files, tokenizes them, and splits them into train, validation and test so that no
 * text is in two parts.
 */
package io.deeptweet.trainer.data;
