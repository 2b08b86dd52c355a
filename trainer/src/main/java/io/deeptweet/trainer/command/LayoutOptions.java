// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.TableLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how a table holds labelled texts, where its first line does not tell. */
final class LayoutOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--text-column", paramLabel = "NAME", description = "The column of the texts.")
    private Optional<String> textColumn;

    @Option(names = "--label-column", paramLabel = "NAME", description = "The column of the labels.")
    private Optional<String> labelColumn;

    @Option(names = "--negative", split = ",", paramLabel = "VALUE", description = "Labels that mean negative.")
    private Set<String> negative = Set.of();

    @Option(names = "--positive", split = ",", paramLabel = "VALUE", description = "Labels that mean positive.")
    private Set<String> positive = Set.of();

    @Option(names = "--drop", split = ",", paramLabel = "VALUE", description = "Labels whose texts are left out.")
    private Set<String> drop = Set.of();

    /** Wrong usage is told before anything is read. */
    void check() {
        if (textColumn.isPresent() != labelColumn.isPresent())
            throw wrong("--text-column and --label-column go together");
    }

    /** Whether files are read by what they tell alone. */
    boolean isTold() {
        return textColumn.isEmpty() && negative.isEmpty() && positive.isEmpty() && drop.isEmpty();
    }

    /** The layout of a file: what the options say, else what its first line tells. */
    TableLayout of(Path file) throws IOException {
        TableLayout layout = textColumn.isPresent()
                ? TableLayout.named(DataSetReader.delimiter(file), textColumn.get(), labelColumn.get())
                : DataSetReader.layout(file);
        try {
            return layout.withLabels(negative, positive, drop);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
