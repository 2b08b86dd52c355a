// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.plan;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.distill.Distillation;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.ModelTrainer;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingProgress;
import io.deeptweet.trainer.train.TrainingResult;
import io.deeptweet.trainer.train.TrainingTargets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is fine-tuned.
 *
 * @param name beginning of the model's version, as {@link ModelArtefact#requireName} has it
 * @param rehearsal earlier texts of each earlier data set that are trained on, for each new one; 0 for none
 * @param threads of the native code, at least 1; the result does not depend on it
 */
public record FineTuningPlan(String name, Hyperparameters hyperparameters, double rehearsal, int threads) {
    public FineTuningPlan {
        ModelArtefact.requireName(name);
        if (!(rehearsal >= 0 && rehearsal < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("rehearsal is " + rehearsal + ": use 0 or more");
        if (threads < 1) throw new IllegalArgumentException("threads is " + threads + ": use 1 or more");
    }

    /** The values that decide the model besides its parent, by the names of the options of {@code fine-tune}. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = hyperparameters.settings();
        settings.put("--rehearsal", rehearsal);
        return settings;
    }

    /** The new data with the earlier texts that are rehearsed. */
    public TrainingData withRehearsal(TrainingData fresh, List<TrainingData> earlier) {
        return rehearsal == 0 ? fresh : fresh.withRehearsal(earlier, rehearsal, hyperparameters.seed());
    }

    /**
     * Fine-tunes a model and evaluates it; does not write it.
     *
     * @param fresh new data, tokenized as the parent reads texts
     * @param earlier data that the parent was trained on, tokenized likewise
     * @param otherTests more texts to evaluate on, by their name
     * @param file that the model will be written to; an interrupted training resumes from files beside it
     * @throws IOException if these files or the teacher cannot be read or written
     */
    public TrainedModel train(
            ModelArtefact parent,
            TrainingData fresh,
            List<TrainingData> earlier,
            Map<String, List<Example>> otherTests,
            Path file,
            TrainingProgress progress)
            throws IOException {
        NativeThreads.limit(threads);
        TrainingData mixed = withRehearsal(fresh, earlier);
        TrainingTargets targets = Distillation.fineTuning(
                fresh,
                mixed.split(),
                KernelScorer.of(parent),
                hyperparameters.teacherShare(),
                TrainedModel.teacherFile(file),
                progress);
        TrainingResult result = new ModelTrainer(hyperparameters)
                .fineTune(
                        parent.weights(),
                        targets,
                        parent.vocabulary(),
                        Optional.of(TrainedModel.checkpointFolder(file)),
                        progress);
        return TrainedModel.of(
                name,
                Optional.of(parent),
                TrainedModel.InputEncoding.of(parent),
                mixed,
                settings(),
                result,
                otherTests);
    }
}
