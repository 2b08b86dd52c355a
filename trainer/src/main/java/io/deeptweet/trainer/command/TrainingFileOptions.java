// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.DataSource;
import io.deeptweet.trainer.data.Examples;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.report.ModelReportFiles;
import io.deeptweet.trainer.train.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The files that {@code train} and {@code fine-tune} read and write, and how much of them is used. */
final class TrainingFileOptions {
    @Mixin
    private DataOptions data;

    @Mixin
    private LicenceOptions licences;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "File to write the model to (safetensors); the report is written beside it.")
    private Path out;

    @Option(
            names = "--unlabeled",
            arity = "1..*",
            paramLabel = "FILE",
            description = "More texts for the teacher: tables, JSON Lines of the X API, or one text a line (default:"
                    + " none).")
    private List<Path> unlabeled = List.of();

    @Option(
            names = "--hold-out",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled texts that are kept for tests: texts with the same tokens are not trained on"
                    + " (default: none).")
    private List<Path> heldOut = List.of();

    @Option(
            names = "--limit",
            defaultValue = "0",
            paramLabel = "N",
            description = "Texts to use, drawn at random, or 0 for all (default: ${DEFAULT-VALUE}).")
    private int limit;

    private Optional<List<DataSource>> sources = Optional.empty();

    Path out() {
        return out;
    }

    /**
     * Finds wrong options, paths and licences before anything is read or trained.
     *
     * @param alsoTrainedOn files of other options
     */
    void check(List<Path> alsoTrainedOn) throws IOException {
        Options.atLeast("--limit", 0, limit);
        data.check();
        InputFiles.readable(unlabeled);
        InputFiles.readable(heldOut);
        OutputPaths.file(out);
        sources = licences.check(Stream.of(data.files(), unlabeled, alsoTrainedOn)
                .flatMap(List::stream)
                .toList());
    }

    /** The subsets that the texts of {@code --hold-out} are in: none of them is trained on. */
    Split.Assignments heldOut(TextPipeline pipeline, int maximumLength) throws IOException {
        Split.Assignments assignments = new Split.Assignments();
        for (Path file : heldOut) {
            DataSet set = DataSetReader.read(file);
            assignments.holdOut(
                    Examples.of(set.texts(), pipeline, maximumLength).examples());
        }
        return assignments;
    }

    /**
     * The texts of {@code --data}, split, with those of {@code --unlabeled}.
     *
     * @param classes what to do with a set of more classes than the model has
     */
    TrainingData read(
            UnaryOperator<DataSet> classes,
            TextPipeline pipeline,
            int maximumLength,
            Split.Shares shares,
            long seed,
            Split.Assignments earlier)
            throws IOException {
        List<DataSet> sets = data.read().stream().map(classes).toList();
        TrainingData all = TrainingData.of(sets, pipeline, maximumLength, limit, shares, seed, earlier);
        all = all.withSources(sources);
        for (Path file : unlabeled)
            all = all.withUnlabeled(DataSetReader.unlabeled(file), pipeline, maximumLength, limit, seed, earlier);
        return all;
    }

    /** Writes the model and its report, and prints the figures. */
    void write(TrainedModel model, PrintWriter terminal) throws IOException {
        OutputPaths.write(out, () -> {
            ModelReportFiles.write(model, out.toAbsolutePath().getParent());
            model.save(out);
        });
        terminal.print(model.report().table());
        terminal.printf(
                Locale.ROOT,
                "%s written to %s (%,d bytes), with report.md, report.json and pictures%n",
                model.model().version(),
                out,
                Files.size(out));
        terminal.flush();
    }
}
