// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

/** A text and what somebody says of it. */
public record LabeledText(String text, boolean positive) {}
