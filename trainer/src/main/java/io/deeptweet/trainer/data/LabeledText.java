// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

/** A text with its label. */
public record LabeledText(String text, boolean positive) {}
