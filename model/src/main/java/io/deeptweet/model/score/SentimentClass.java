// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/** The classes of a text. */
public enum SentimentClass {
    NEGATIVE,
    NEUTRAL,
    POSITIVE
}
