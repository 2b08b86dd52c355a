// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * The sentiment of a text: the probabilities of three classes, which sum to 1. A text has an opinion with the
 * probability o, and if it has one, it is positive with the probability p:
 *
 * <pre>
 * P(neutral) = 1 − o    P(positive) = o · p    P(negative) = o · (1 − p)
 * </pre>
 *
 * @param polarity p, in [0, 1]
 * @param opinion o, in [0, 1]; 1 for a model of two classes
 * @param version version of the model
 * @param tokens number of tokens that were read; 0 if the scorer does not count them
 * @param unknown number of these tokens that are not in the vocabulary
 */
public record Score(float polarity, float opinion, String version, int tokens, int unknown) {
    public Score {
        requireProbability("polarity", polarity);
        requireProbability("opinion", opinion);
    }

    private static void requireProbability(String name, float value) {
        if (!(value >= 0 && value <= 1)) // true for NaN
        throw new IllegalArgumentException(name + " must be in [0, 1], was " + value);
    }

    /** A score of a model of two classes. */
    public Score(float polarity, String version, int tokens, int unknown) {
        this(polarity, 1, version, tokens, unknown);
    }

    /** A score of a model of two classes, without token counts. */
    public Score(float polarity, String version) {
        this(polarity, version, 0, 0);
    }

    /** The probability that the text is negative, in [0, 1]. */
    public float negative() {
        return opinion * (1 - polarity);
    }

    /** The probability that the text is neutral, in [0, 1]; 0 for a model of two classes. */
    public float neutral() {
        return 1 - opinion;
    }

    /** The probability that the text is positive, in [0, 1]. */
    public float positive() {
        return opinion * polarity;
    }

    /** The probability of a class, in [0, 1]. */
    public float of(SentimentClass sentiment) {
        return switch (sentiment) {
            case NEGATIVE -> negative();
            case NEUTRAL -> neutral();
            case POSITIVE -> positive();
        };
    }

    /** The most probable class; of equal ones positive, then negative. */
    public SentimentClass sentiment() {
        if (neutral() > Math.max(positive(), negative())) return SentimentClass.NEUTRAL;
        return positive() >= negative() ? SentimentClass.POSITIVE : SentimentClass.NEGATIVE;
    }

    /** The probability of the most probable class less that of the second, in [0, 1]: how sure the class is. */
    public float margin() {
        float polar = Math.max(positive(), negative());
        float least = Math.min(positive(), negative());
        return Math.max(polar, neutral()) - Math.max(least, Math.min(polar, neutral()));
    }
}
