// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

/** The outcome of scoring a tweet: its score, or that the active model failed. */
public sealed interface ScoringOutcome permits ScoringResult, ScoringOutcome.Failed {
    /**
     * The active model could not score the tweet; the reason is in the record's headers.
     *
     * @param bytes the tweet's record as received, cut to a limit
     */
    record Failed(byte[] bytes) implements ScoringOutcome {}
}
