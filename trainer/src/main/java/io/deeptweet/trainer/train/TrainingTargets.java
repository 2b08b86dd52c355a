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
 * @param calibration the validation texts that calibrate the model: real ones, not generated ones
 */
public record TrainingTargets(Split network, Split ngrams, List<Example> calibration) {
    /** Targets whose validation texts are all real. */
    public TrainingTargets(Split network, Split ngrams) {
        this(network, ngrams, network.validation());
    }

    /** The same targets for both. */
    public TrainingTargets(Split both) {
        this(both, both);
    }

    /** The same with generated texts, which keep their labels; a tenth of them is validated on. */
    public TrainingTargets withGenerated(List<Example> generated) {
        if (generated.isEmpty()) return this;
        int train = generated.size() - generated.size() / 10;
        List<Example> first = generated.subList(0, train);
        List<Example> last = generated.subList(train, generated.size());
        return new TrainingTargets(network.with(first, last), ngrams.with(first, last), calibration);
    }
}
