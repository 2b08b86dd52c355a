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
 * @param calibration the validation texts that calibrate the model: real ones, not generated ones, and of three classes
 *     if there are enough
 */
public record TrainingTargets(Split network, Split ngrams, List<Example> calibration) {
    /** With fewer texts of three classes, those of two classes calibrate the model too. */
    private static final int ENOUGH = 200;

    /** Targets whose validation texts are all real. */
    public TrainingTargets(Split network, Split ngrams) {
        this(network, ngrams, calibration(network.validation()));
    }

    /**
     * A model of three classes is calibrated on labels of three classes. The many texts of two classes have noisy
     * labels, those of emoticons: calibrated on them, it would be too unsure.
     */
    private static List<Example> calibration(List<Example> validation) {
        List<Example> three = validation.stream()
                .filter(example -> example.source().opinionLabelled())
                .toList();
        return three.size() < ENOUGH ? validation : three;
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
