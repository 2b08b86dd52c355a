// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import picocli.CommandLine.Option;

/** The hyperparameters that {@code train} and {@code fine-tune} share. */
final class HyperparameterOptions {
    /** As the option has them. */
    enum Schedule {
        linear,
        constant
    }

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs at most (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Epochs without a lower validation loss after which training stops (default:"
                    + " ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Texts of one length in a step at most (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Adam's initial learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How the learning rate changes over the epochs: linear, down to zero, or constant"
                    + " (default: ${DEFAULT-VALUE}).")
    private Schedule schedule;

    @Option(
            names = "--embedding-dropout",
            paramLabel = "SHARE",
            description =
                    "Share of the embedding's columns that a step drops, in [0, 1) (default:" + " ${DEFAULT-VALUE}).")
    private double embeddingDropout;

    @Option(
            names = "--word-dropout",
            paramLabel = "SHARE",
            description = "Share of the tokens that a step replaces by the unknown token, in [0, 1) (default:"
                    + " ${DEFAULT-VALUE}).")
    private double wordDropout;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Share of the pooled units that a step drops, in [0, 1) (default: ${DEFAULT-VALUE}).")
    private double denseDropout;

    @Option(
            names = "--ngrams",
            paramLabel = "N",
            description = "Hash buckets of the n-grams beside the network: a power of two, or 0 for a network alone"
                    + " (default: ${DEFAULT-VALUE}).")
    private int ngramBuckets;

    @Option(
            names = "--teacher-share",
            paramLabel = "SHARE",
            description = "Share of the teacher, two large sentence encoders, in the targets of labelled texts, in"
                    + " [0, 1]; 0 trains on labels alone, in less time (default: ${DEFAULT-VALUE}).")
    private double teacherShare;

    @Option(
            names = "--class-balance",
            paramLabel = "SHARE",
            description = "How far the weights of texts balance the three classes of each file, in [0, 1]: 0 treats"
                    + " all texts alike, 1 all classes; unused with two classes (default: ${DEFAULT-VALUE}).")
    private double classBalance;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the split, the initial weights, the order of the texts and dropout (default:"
                    + " ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of the native code; for small matrices 1 is fastest (default: ${DEFAULT-VALUE}).")
    private int threads;

    long seed() {
        return seed;
    }

    int threads() {
        Options.atLeast("--threads", 1, threads);
        return threads;
    }

    /** @throws CommandFailedException wrong usage, if a value is out of range */
    Hyperparameters of(FrozenLayers frozen) {
        return Options.accepted(() -> new Hyperparameters(
                epochs,
                patience,
                batch,
                learningRate,
                schedule == Schedule.linear,
                new Hyperparameters.Dropout(embeddingDropout, wordDropout, denseDropout),
                frozen,
                ngramBuckets,
                teacherShare,
                classBalance,
                seed));
    }
}
