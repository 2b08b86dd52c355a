// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.generate;

import io.deeptweet.model.score.SentimentClass;

/** A generated sentence and the class that its template has. */
public record GeneratedText(String text, SentimentClass label) {}
