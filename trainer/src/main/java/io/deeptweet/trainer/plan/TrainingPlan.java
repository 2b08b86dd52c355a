// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.plan;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.distill.Distillation;
import io.deeptweet.trainer.generate.GeneratedTexts;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.train.Architecture;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a model is trained from scratch.
 *
 * @param name beginning of the model's version, as {@link ModelArtefact#requireName} has it
 * @param generated number of generated texts to train on besides the data, see {@link GeneratedTexts}; 0 to 1,000,000
 * @param threads of the native code, at least 1; the result does not depend on it
 */
public record TrainingPlan(
        String name, Architecture architecture, Hyperparameters hyperparameters, int generated, int threads) {
    /** Most generated texts: more would hardly differ. */
    public static final int MOST_GENERATED = 1_000_000;

    public TrainingPlan {
        ModelArtefact.requireName(name);
        if (generated < 0 || generated > MOST_GENERATED)
            throw new IllegalArgumentException("generated is " + generated + ": use 0 to " + MOST_GENERATED);
        if (threads < 1) throw new IllegalArgumentException("threads is " + threads + ": use 1 or more");
    }

    /** The values that decide the model, by the names of the options of {@code train}. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = architecture.settings();
        settings.putAll(hyperparameters.settings());
        settings.put("--generated", generated);
        return settings;
    }

    /** The generated texts, without those that the model is validated or tested on. They keep their labels. */
    private List<Example> generated(Split split) {
        Set<List<String>> measured = Stream.of(split.validation(), split.test())
                .flatMap(List::stream)
                .map(Example::tokens)
                .collect(Collectors.toSet());
        boolean three = split.heads() > 1;
        List<LabeledText> texts = GeneratedTexts.of(generated, hyperparameters.seed()).stream()
                .filter(text -> three || text.label() != SentimentClass.NEUTRAL)
                .map(text -> new LabeledText(text.text(), text.label(), three, "generated"))
                .toList();
        return Examples.of(texts, architecture.pipeline(), architecture.maximumLength()).examples().stream()
                .filter(example -> !measured.contains(example.tokens()))
                .toList();
    }

    /**
     * Trains a model and evaluates it; does not write it.
     *
     * @param data tokenized with the architecture's pipeline and maximum length
     * @param file that the model will be written to; an interrupted training resumes from files beside it
     * @throws IOException if these files or the teacher cannot be read or written
     */
    public TrainedModel train(TrainingData data, Path file, TrainingProgress progress) throws IOException {
        NativeThreads.limit(threads);
        TrainingTargets targets = Distillation.fromScratch(
                        data, hyperparameters.teacherShare(), TrainedModel.teacherFile(file), progress)
                .withGenerated(generated(data.split()));
        Vocabulary vocabulary = Vocabulary.build(
                targets.network().train().stream().map(Example::tokens), architecture.vocabularySize());
        TrainingResult result = new ModelTrainer(hyperparameters)
                .train(architecture, targets, vocabulary, Optional.of(TrainedModel.checkpointFolder(file)), progress);
        return TrainedModel.of(
                name,
                Optional.empty(),
                new TrainedModel.InputEncoding(architecture.pipeline(), architecture.maximumLength(), vocabulary),
                data,
                settings(),
                result,
                Map.of());
    }
}
