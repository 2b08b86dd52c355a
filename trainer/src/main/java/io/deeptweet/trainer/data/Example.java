// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.Score;
import java.util.List;

/**
 * A labelled text, tokenized, with its target.
 *
 * @param tokens that the network reads, at least one
 * @param target of training: the label, or a soft label
 */
public record Example(LabeledText source, List<String> tokens, Target target) {
    /** An example whose target is its label. */
    public Example(LabeledText source, List<String> tokens) {
        this(source, tokens, Target.of(source));
    }

    /**
     * The same example with a soft label: its target mixed with another model's probabilities.
     *
     * @param share of these probabilities in the new target, in [0, 1]
     * @param three as for {@link Target#mixed}
     */
    public Example withSoftLabel(Score score, double share, boolean three) {
        return new Example(source, tokens, target.mixed(score, share, three));
    }

    /** The same example, whose losses weigh less or more: times factors of 0 or more. */
    public Example weighted(float polarityFactor, float opinionFactor) {
        return new Example(source, tokens, target.weighted(polarityFactor, opinionFactor));
    }

    /** Whether the label is positive. */
    public boolean positive() {
        return source.positive();
    }
}
