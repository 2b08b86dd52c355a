// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetStatistics;
import io.deeptweet.trainer.report.Charts;
import io.deeptweet.trainer.report.ExplorationPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code explore}: what data sets look like. */
@Command(
        name = "explore",
        description =
                "Shows what labelled texts look like: classes, lengths, frequent words and a word cloud per class, duplicates, and how many tokens a model does not know. Writes pictures and one page, index.html.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  explore --data training.csv.gz --out exploration",
            "  explore --data a.csv b.tsv.gz --out exploration --model models/mine.safetensors",
            "",
            "Exit codes: 0 written, 1 not, 2 wrong usage."
        })
final class ExploreCommand implements Callable<Integer> {
    private static final int WORDS = 100;

    @Spec
    private CommandSpec command;

    @Mixin
    private DataOptions data;

    @Mixin
    private ModelOptions model;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where to write; created if missing.")
    private Path out;

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        ModelArtefact artefact = model.read();
        write(data.read(), artefact, out, command.commandLine().getOut());
        return 0;
    }

    /** Writes the page and its pictures to that folder, with the tokens and the vocabulary of that model. */
    static void write(List<DataSet> sets, ModelArtefact artefact, Path out, PrintWriter terminal) throws IOException {
        Files.createDirectories(out);
        List<DataSetStatistics> explorations = new ArrayList<>();
        for (DataSet set : sets) {
            terminal.printf("%s: %,d rows, dropped %s%n", set.name(), set.rows(), set.dropped());
            terminal.flush();
            DataSetStatistics exploration = DataSetStatistics.of(
                    set, artefact.pipeline(), artefact.maximumLength(), artefact.vocabulary(), WORDS);
            explorations.add(exploration);
            terminal.printf(
                    "  %,d negative, %,d positive; %,d duplicates; for training besides dropped %s%n",
                    exploration.negative().lengths().length,
                    exploration.positive().lengths().length,
                    exploration.duplicates(),
                    exploration.dropped());
            Charts.exploration(exploration, out, explorations.size());
        }
        Files.writeString(out.resolve("index.html"), ExplorationPage.html(explorations, artefact));
        terminal.println("written to " + out.resolve("index.html"));
    }
}
