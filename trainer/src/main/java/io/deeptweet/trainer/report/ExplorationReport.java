// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DataSetStatistics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Statistics of data sets, as a page with charts.
 *
 * @param model whose pipeline and vocabulary the statistics are of
 */
public record ExplorationReport(List<DataSetStatistics> statistics, ModelArtefact model) {
    private static final int WORDS = 100;

    /**
     * Computes the statistics.
     *
     * @param log receives two lines for each data set
     */
    public static ExplorationReport of(List<DataSet> sets, ModelArtefact model, Consumer<String> log) {
        List<DataSetStatistics> all = new ArrayList<>();
        for (DataSet set : sets) {
            log.accept(String.format(Locale.ROOT, "%s: %,d rows, dropped %s", set.name(), set.rows(), set.dropped()));
            DataSetStatistics statistics =
                    DataSetStatistics.of(set, model.pipeline(), model.maximumLength(), model.vocabulary(), WORDS);
            all.add(statistics);
            log.accept(String.format(
                    Locale.ROOT,
                    "  %s; %,d duplicates; training also drops %s",
                    statistics.classes().stream()
                            .map(of -> String.format(Locale.ROOT, "%,d %s", of.texts(), of.name()))
                            .collect(Collectors.joining(", ")),
                    statistics.duplicates(),
                    statistics.dropped()));
        }
        return new ExplorationReport(all, model);
    }

    /** Writes {@code index.html} and its charts to a folder, which is created if it is missing. */
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < statistics.size(); i++) Charts.exploration(statistics.get(i), folder, i + 1);
        Files.writeString(folder.resolve("index.html"), ExplorationPage.html(statistics, model));
    }
}
