// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.distill.Distillation;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.train.Architecture;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.ModelTrainer;
import io.deeptweet.trainer.train.TrainedModel;
import io.deeptweet.trainer.train.TrainingResult;
import io.deeptweet.trainer.train.TrainingTargets;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code train}: a model from labelled texts. */
@Command(
        name = "train",
        description = {
            "Trains a model from scratch on labelled texts and writes it with its evaluation.",
            "",
            "Four fifths of the texts are learned, a tenth tells when to stop and which epoch to keep, and a tenth measures the result.",
            "Beside the model come report.md, report.json and pictures. Interrupted, the same command goes on behind the last whole epoch."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = SettingDefaults.OfTrain.class,
        footer = {
            "",
            "Examples:",
            "  trainer train --data training.csv.gz --out models/v1-base.safetensors",
            "  trainer train --data training.csv.gz --out quick.safetensors --limit 20000 --epochs 2",
            "",
            "Exit codes: 0 the model was written, 1 it was not, 2 wrong usage."
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions options;

    @Option(
            names = "--name",
            defaultValue = "v1-base",
            paramLabel = "NAME",
            description = "What the model's version begins with.")
    private String name;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "How texts become tokens: deeptweet, paper-v1 or paper-v3.")
    private String pipeline;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "How many tokens of a text are read, the first ones.")
    private int maximumLength;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Most rows of the vocabulary, padding and unknown included.")
    private int vocabularySize;

    @Option(names = "--embedding", paramLabel = "N", description = "Size of a token's embedding.")
    private int embeddingSize;

    @Option(names = "--units", paramLabel = "N", description = "Units of the LSTM, each direction.")
    private int units;

    @Option(names = "--epochs", paramLabel = "N", description = "Most passes over the training texts.")
    private int epochs;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Adam's learning rate, at first.")
    private double learningRate;

    @Override
    public Integer call() throws IOException {
        PrintWriter terminal = spec.commandLine().getOut();
        settings();
        options.folder();
        Split.Assignments sides = new Split.Assignments();
        options.holdOut(sides, pipeline(), maximumLength);
        TrainingData material = TrainingData.of(
                data.read(), pipeline(), maximumLength, options.limit, Split.FROM_SCRATCH, options.seed, sides);
        options.write(made(options.withUnlabeled(material, pipeline(), maximumLength, sides), terminal), terminal);
        return 0;
    }

    TextPipeline pipeline() {
        return options.usage(() -> TextPipeline.named(pipeline));
    }

    int maximumLength() {
        return maximumLength;
    }

    /** All that was asked for, by the options' names; what can't be is wrong usage. */
    Map<String, Object> settings() {
        options.requirePositive("--max-length", maximumLength);
        options.requirePositive("--embedding", embeddingSize);
        options.requirePositive("--units", units);
        if (vocabularySize < 3) throw options.wrong("--vocabulary is " + vocabularySize + ": at least 3 are needed");
        Map<String, Object> settings = architecture().settings();
        settings.putAll(hyperparameters().settings());
        return settings;
    }

    private Architecture architecture() {
        return new Architecture(pipeline(), maximumLength, vocabularySize, embeddingSize, units);
    }

    private Hyperparameters hyperparameters() {
        return options.hyperparameters(name, epochs, learningRate, FrozenLayers.NONE);
    }

    /** A model of that material, made as the options say. */
    TrainedModel made(TrainingData material, PrintWriter terminal) throws IOException {
        terminal.println(material);
        terminal.flush();
        NativeThreads.limit(options.threads);
        Hyperparameters hyperparameters = hyperparameters();
        TerminalProgress progress = TerminalProgress.on(terminal);
        TrainingTargets targets = Distillation.fromScratch(
                material, hyperparameters.teacherShare(), TrainedModel.teacherFile(options.out), progress);
        Vocabulary vocabulary =
                Vocabulary.build(targets.network().train().stream().map(Example::tokens), vocabularySize);
        TrainingResult result = new ModelTrainer(hyperparameters)
                .train(
                        architecture(),
                        targets,
                        vocabulary,
                        Optional.of(TrainedModel.checkpointFolder(options.out)),
                        progress);
        return TrainedModel.of(
                name,
                Optional.empty(),
                new TrainedModel.InputEncoding(pipeline(), maximumLength, vocabulary),
                material,
                settings(),
                result,
                Map.of());
    }
}
