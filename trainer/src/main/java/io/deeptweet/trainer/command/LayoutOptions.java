// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.trainer.data.DataSetReader;
import io.deeptweet.trainer.data.TableLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options that tell how a table holds labelled texts, where its first line does not. */
final class LayoutOptions {
    @Option(
            names = "--text-column",
            paramLabel = "NAME",
            description = "Column of the texts (default: found by the table's header or layout).")
    private Optional<String> textColumn;

    @Option(
            names = "--label-column",
            paramLabel = "NAME",
            description = "Column of the labels (default: found by the table's header or layout).")
    private Optional<String> labelColumn;

    @Option(
            names = "--negative",
            split = ",",
            paramLabel = "VALUE",
            description = "Labels that mean negative (default: the layout's, such as negative).")
    private Set<String> negative = Set.of();

    @Option(
            names = "--positive",
            split = ",",
            paramLabel = "VALUE",
            description = "Labels that mean positive (default: the layout's, such as positive).")
    private Set<String> positive = Set.of();

    @Option(
            names = "--neutral",
            split = ",",
            paramLabel = "VALUE",
            description = "Labels that mean neutral (default: the layout's, such as neutral).")
    private Set<String> neutral = Set.of();

    /** @throws CommandFailedException wrong usage, if the options contradict each other */
    void check() {
        if (textColumn.isPresent() != labelColumn.isPresent())
            throw CommandFailedException.usage("--text-column and --label-column go together: give both or neither");
    }

    /** Whether any of the options is given; else every file tells its own layout. */
    boolean isGiven() {
        return textColumn.isPresent() || !negative.isEmpty() || !positive.isEmpty() || !neutral.isEmpty();
    }

    /** The layout of a file: what the options say, else what its first line tells. */
    TableLayout of(Path file) throws IOException {
        TableLayout layout = textColumn.isPresent() && labelColumn.isPresent()
                ? TableLayout.named(DataSetReader.delimiter(file), textColumn.get(), labelColumn.get())
                : DataSetReader.layout(file);
        return Options.accepted(() -> layout.withLabels(negative, positive, neutral));
    }
}
