// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.List;

/**
 * A labelled text, tokenized, with its target.
 *
 * @param tokens that the network reads, at least one
 * @param target of training: the probability of being positive, in [0, 1]; the label as 0 or 1, or a soft label
 */
public record Example(LabeledText source, List<String> tokens, float target) {
    public Example {
        if (!(target >= 0 && target <= 1)) throw new IllegalArgumentException("target is " + target + ": use 0 to 1");
    }

    /** An example whose target is its label. */
    public Example(LabeledText source, List<String> tokens) {
        this(source, tokens, source.positive() ? 1 : 0);
    }

    /**
     * The same example with a soft label: its target mixed with another model's probability.
     *
     * @param probability of the other model that the text is positive, in [0, 1]
     * @param share of that probability in the new target, in [0, 1]
     */
    public Example withSoftLabel(float probability, double share) {
        return new Example(source, tokens, (float) (share * probability + (1 - share) * target));
    }

    /** The label. */
    public boolean positive() {
        return source.positive();
    }
}
