// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.model.artefact.InvalidArtefactException;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.trainer.report.ExplorationReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code explore}: statistics of data sets. */
@Command(
        name = "explore",
        description = {
            "Describes data sets: classes, text lengths, frequent words, duplicates and unknown words.",
            "",
            "Writes pictures, a word cloud for each class among them, and one page, index.html. Tokens and vocabulary"
                    + " are those of a model."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  deeptweet explore --data training.csv.gz --out exploration",
            "  deeptweet explore --data a.csv b.tsv.gz --out exploration \\",
            "      --model models/my-model.safetensors"
        })
final class ExploreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private DataOptions data;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to; it is created if it is missing.")
    private Path out;

    @Override
    public Integer call() throws IOException, InvalidArtefactException, InvalidModelException {
        data.check();
        OutputPaths.folder(out);
        ModelArtefact artefact = model.read();
        PrintWriter terminal = command.commandLine().getOut();
        ExplorationReport report = ExplorationReport.of(data.read(), artefact, line -> {
            terminal.println(line);
            terminal.flush();
        });
        OutputPaths.write(out, () -> report.write(out));
        terminal.println("written to " + out.resolve("index.html"));
        return 0;
    }
}
