// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.List;

/**
 * A labelled text as the network learns from it.
 *
 * @param tokens of the text, those that the network reads, at least one
 * @param target the probability of being positive that a training is to give it, in [0, 1]: its label's 0 or 1, unless
 *     a teacher says more
 */
public record Example(LabeledText source, List<String> tokens, float target) {
    public Example {
        if (!(target >= 0 && target <= 1)) throw new IllegalArgumentException("a target is in [0, 1], not " + target);
    }

    /** An example whose target is its label. */
    public Example(LabeledText source, List<String> tokens) {
        this(source, tokens, source.positive() ? 1 : 0);
    }

    /**
     * The same with a target that somebody else helps to say.
     *
     * @param probability that they think it positive with, in [0, 1]
     * @param share of theirs in the target, in [0, 1]; the rest is as it was
     */
    public Example withSoftLabel(float probability, double share) {
        return new Example(source, tokens, (float) (share * probability + (1 - share) * target));
    }

    public boolean positive() {
        return source.positive();
    }
}
