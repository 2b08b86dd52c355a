// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.Score;

/**
 * The targets of a text for the two heads of a model, with the weights of their losses. A weight is 0 where a label
 * says nothing: about the polarity of a neutral text, and about the opinion of a text of two classes.
 *
 * @param polarity P(positive | opinionated), in [0, 1]
 * @param opinion P(opinionated), in [0, 1]
 * @param polarityWeight 0 or more
 * @param opinionWeight 0 or more
 */
public record Target(float polarity, float polarityWeight, float opinion, float opinionWeight) {
    /** Weight of an opinion that another model has seen, not a person. */
    private static final float UNLABELLED_OPINION = 0.5f;

    public Target {
        requireShare("polarity", polarity);
        requireShare("opinion", opinion);
        requireWeight("polarity weight", polarityWeight);
        requireWeight("opinion weight", opinionWeight);
    }

    private static void requireShare(String name, float value) {
        if (!(value >= 0 && value <= 1)) throw new IllegalArgumentException(name + " is " + value + ": use 0 to 1");
    }

    private static void requireWeight(String name, float value) {
        if (!(value >= 0 && Float.isFinite(value)))
            throw new IllegalArgumentException(name + " is " + value + ": use 0 or more");
    }

    /** The target of a label. */
    public static Target of(LabeledText text) {
        float known = text.opinionLabelled() ? 1 : 0;
        return text.neutral() ? new Target(0.5f, 0, 0, known) : new Target(text.positive() ? 1 : 0, 1, 1, known);
    }

    /**
     * The target of a text without a label: another model's probabilities. A neutral text teaches no polarity.
     *
     * @param three whether that model has learned from labels of three classes; else it knows nothing of opinions
     */
    public static Target of(Score score, boolean three) {
        return new Target(score.polarity(), score.opinion(), score.opinion(), three ? 1 : 0);
    }

    /**
     * This target mixed with another model's probabilities, as soft labels. The label of a text of two classes says
     * nothing about its opinion, so that target is the other model's alone.
     *
     * @param share of the other model, in [0, 1]
     * @param three whether that model has learned from labels of three classes; else it knows nothing of opinions
     */
    public Target mixed(Score score, double share, boolean three) {
        boolean unlabelled = three && opinionWeight == 0;
        return new Target(
                mixed(polarity, score.polarity(), share),
                polarityWeight,
                mixed(opinion, score.opinion(), unlabelled ? 1 : share),
                unlabelled ? UNLABELLED_OPINION : opinionWeight);
    }

    private static float mixed(float label, float soft, double share) {
        return (float) (share * soft + (1 - share) * label);
    }

    /** The same target whose losses weigh less or more: times factors of 0 or more. */
    public Target weighted(float polarityFactor, float opinionFactor) {
        return new Target(polarity, polarityFactor * polarityWeight, opinion, opinionFactor * opinionWeight);
    }

    /**
     * The target of a head.
     *
     * @param head 0 for polarity, 1 for opinion
     */
    public float of(int head) {
        return head == 0 ? polarity : opinion;
    }

    /** The weight of a head's loss, as {@link #of(int)}. */
    public float weight(int head) {
        return head == 0 ? polarityWeight : opinionWeight;
    }
}
