// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.report.ModelReportFiles;
import io.deeptweet.trainer.train.FrozenLayers;
import io.deeptweet.trainer.train.Hyperparameters;
import io.deeptweet.trainer.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that makes a model. */
final class TrainingOptions {
    /** How the learning rate goes on. */
    enum Schedule {
        linear,
        constant
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where to write the model (safetensors).")
    Path out;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Stop after so many epochs without a lower validation loss.")
    int patience;

    @Option(names = "--batch", paramLabel = "N", description = "Most texts in a step; they are of one length.")
    int batch;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "linear: the learning rate falls to zero over the epochs; constant: it stays.")
    Schedule schedule;

    @Option(
            names = "--embedding-dropout",
            paramLabel = "SHARE",
            description = "Share of the embedding's columns that a step leaves out.")
    double embeddingDropout;

    @Option(
            names = "--word-dropout",
            paramLabel = "SHARE",
            description = "Share of the tokens that a step reads as unknown.")
    double wordDropout;

    @Option(
            names = "--dropout",
            paramLabel = "SHARE",
            description = "Share of the pooled units that a step leaves out.")
    double denseDropout;

    @Option(
            names = "--ngrams",
            paramLabel = "N",
            description = "Buckets of the n-grams beside the network, a power of two; 0 for a network alone.")
    int buckets;

    @Option(
            names = "--teacher-share",
            paramLabel = "SHARE",
            description =
                    "How much of what the network learns of a labelled text a teacher says, two large sentence encoders with a head that is fitted on these texts; the label says the rest. From scratch, it says a fifth as much of what the n-grams learn. Texts without a label are learned as the teacher sees them. 0 learns labels alone, in less time.")
    double teacherShare;

    @Option(
            names = "--unlabeled",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "More texts for the teacher: tables, whose labels are not looked at, JSON Lines in the shape of the X API, or a text a line. Neutral texts of the labelled files are taken anyway.")
    private List<Path> unlabeled = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Of the split, the first weights, the order and dropout.")
    long seed;

    @Option(
            names = "--limit",
            defaultValue = "0",
            paramLabel = "N",
            description = "Use so many texts, drawn at random; 0 uses all.")
    int limit;

    @Option(
            names = "--hold-out",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Labelled texts that are kept for measuring elsewhere: none of the same is learned, whatever set it comes in.")
    private List<Path> heldOut = List.of();

    @Option(
            names = "--threads",
            defaultValue = "1",
            paramLabel = "N",
            description = "Threads of the native code; for matrices this small one is fastest.")
    int threads;

    /** The hyperparameters of the options. Wrong usage fails here, before anything is read. */
    Hyperparameters hyperparameters(String name, int epochs, double learningRate, FrozenLayers frozen) {
        requirePositive("--threads", threads);
        if (limit < 0) throw wrong("--limit is " + limit + ": 0 or more is needed");
        usage(() -> ModelArtefact.requireName(name));
        return usage(() -> new Hyperparameters(
                epochs,
                patience,
                batch,
                learningRate,
                schedule == Schedule.linear,
                new Hyperparameters.Dropout(embeddingDropout, wordDropout, denseDropout),
                frozen,
                buckets,
                teacherShare,
                seed));
    }

    /** Keeps the texts of {@code --hold-out} off all sides but the test's. */
    void holdOut(Split.Assignments sides, TextPipeline pipeline, int maximumLength) throws IOException {
        for (Path file : heldOut)
            sides.holdOut(Examples.of(DataSetReader.read(file).texts(), pipeline, maximumLength)
                    .examples());
    }

    /** That material with the texts of {@code --unlabeled}. */
    TrainingData withUnlabeled(TrainingData material, TextPipeline pipeline, int maximumLength, Split.Assignments sides)
            throws IOException {
        for (Path file : unlabeled)
            material =
                    material.withUnlabeled(DataSetReader.unlabeled(file), pipeline, maximumLength, limit, seed, sides);
        return material;
    }

    /** The folder of {@link #out}, which is made now rather than after an hour. */
    Path folder() throws IOException {
        Path folder = out.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        return folder;
    }

    /** Keeps what was made, and says so. */
    void write(TrainedModel made, PrintWriter terminal) throws IOException {
        ModelReportFiles.write(made, folder());
        made.save(out);
        terminal.print(made.report().table());
        terminal.printf(
                "%s written to %s (%,d bytes), with report.md, report.json and pictures%n",
                made.model().version(), out, Files.size(out));
        terminal.flush();
    }

    void requirePositive(String option, int value) {
        if (value < 1) throw wrong(option + " is " + value + ": at least 1 is needed");
    }

    /** What the user's options ask for; what can't be is wrong usage. */
    <T> T usage(Supplier<T> asked) {
        try {
            return asked.get();
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
