// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import java.util.List;

/**
 * The texts that a model is trained on, with the targets of its two parts.
 *
 * @param network the network's; with a teacher, the training texts have soft labels
 * @param ngrams the same texts for the n-grams, whose targets hold less of the teacher when training from scratch
 */
public record TrainingTargets(Split network, Split ngrams) {
    /** The same with more training texts, which keep their labels. */
    public TrainingTargets with(List<Example> more) {
        return more.isEmpty() ? this : new TrainingTargets(network.with(more), ngrams.with(more));
    }

    /** The same targets for both. */
    public TrainingTargets(Split both) {
        this(both, both);
    }
}
