// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * How positive a text is.
 *
 * @param probability that it is positive, in [0, 1]
 * @param version of the model that says so
 * @param tokens how many tokens of the text were read; 0 if the scorer does not tell
 * @param unknown how many of them the vocabulary does not hold
 */
public record Score(float probability, String version, int tokens, int unknown) {
    public Score {
        if (!(probability >= 0 && probability <= 1)) // NaN too
        throw new IllegalArgumentException("probability must be in [0, 1], was " + probability);
    }

    /** A score that does not tell of tokens. */
    public Score(float probability, String version) {
        this(probability, version, 0, 0);
    }

    /** Whether the text is positive rather than negative; at exactly one half it is. */
    public boolean positive() {
        return probability >= 0.5f;
    }
}
