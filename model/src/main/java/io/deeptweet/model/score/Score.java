// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * The sentiment of a text.
 *
 * @param probability that the text is positive, in [0, 1]
 * @param version version of the model
 * @param tokens number of tokens that were read; 0 if the scorer does not count them
 * @param unknown number of these tokens that are not in the vocabulary
 */
public record Score(float probability, String version, int tokens, int unknown) {
    public Score {
        if (!(probability >= 0 && probability <= 1)) // true for NaN
        throw new IllegalArgumentException("probability must be in [0, 1], was " + probability);
    }

    /** A score without token counts. */
    public Score(float probability, String version) {
        this(probability, version, 0, 0);
    }

    /** Whether the text is positive: the probability is at least one half. */
    public boolean positive() {
        return probability >= 0.5f;
    }
}
