// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.plan.TrainingPlan;
import io.deeptweet.trainer.train.Architecture;
import io.deeptweet.trainer.train.FrozenLayers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that decide a training from scratch: those of {@code train}, and of {@code benchmark}'s plans. */
@Command(defaultValueProvider = SettingDefaults.OfTrain.class)
final class TrainingPlanOptions {
    @Option(
            names = "--name",
            defaultValue = "v1-base",
            paramLabel = "NAME",
            description = "Beginning of the model's version (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(
            names = "--pipeline",
            paramLabel = "NAME",
            description = "How texts become tokens: deeptweet-2, deeptweet, paper-v1 or paper-v3 (default:"
                    + " ${DEFAULT-VALUE}).")
    private String pipeline;

    @Option(
            names = "--max-length",
            paramLabel = "N",
            description = "First tokens of a text that are read (default: ${DEFAULT-VALUE}).")
    private int maximumLength;

    @Option(
            names = "--vocabulary",
            paramLabel = "N",
            description = "Rows of the vocabulary at most, padding and unknown included (default: ${DEFAULT-VALUE}).")
    private int vocabularySize;

    @Option(
            names = "--embedding",
            paramLabel = "N",
            description = "Columns of the embedding (default: ${DEFAULT-VALUE}).")
    private int embeddingSize;

    @Option(
            names = "--units",
            paramLabel = "N",
            description = "Units of the LSTM in each direction (default: ${DEFAULT-VALUE}).")
    private int units;

    @Option(
            names = "--generated",
            defaultValue = "0",
            paramLabel = "N",
            description =
                    "Generated English texts to train on as well: negations, contrasts, neutral statements and the"
                            + " like, 0 for none (default: ${DEFAULT-VALUE}).")
    private int generated;

    @Mixin
    private HyperparameterOptions hyperparameters;

    /** @throws CommandFailedException wrong usage, if a value is out of range */
    TrainingPlan plan() {
        Options.atLeast("--max-length", 1, maximumLength);
        Options.atLeast("--vocabulary", 3, vocabularySize);
        Options.atLeast("--embedding", 1, embeddingSize);
        Options.atLeast("--units", 1, units);
        if (generated < 0 || generated > TrainingPlan.MOST_GENERATED)
            throw CommandFailedException.usage(
                    "--generated is " + generated + ": use 0 to " + TrainingPlan.MOST_GENERATED);
        return Options.accepted(() -> new TrainingPlan(
                name,
                new Architecture(TextPipeline.named(pipeline), maximumLength, vocabularySize, embeddingSize, units),
                hyperparameters.of(FrozenLayers.NONE),
                generated,
                hyperparameters.threads()));
    }
}
