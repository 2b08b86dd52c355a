// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.data.DataSetStatistics;
import io.deeptweet.trainer.data.DataSetStatistics.ClassStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** The HTML page of {@code explore}. {@link Charts#exploration} writes its pictures beside it. */
public final class ExplorationPage {
    private static final int WORDS = 20;

    private ExplorationPage() {}

    /**
     * A data set's section.
     *
     * @param words (rows, classes) the most frequent words with their counts; empty where a class has no more
     */
    public record Section(DataSetStatistics statistics, List<List<String>> words) {}

    /**
     * The page.
     *
     * @param model whose pipeline and vocabulary the statistics are of
     */
    public static String html(List<DataSetStatistics> sets, ModelArtefact model) {
        return ReportTemplates.render(
                "exploration.html",
                Map.of(
                        "model",
                        model,
                        "sets",
                        sets.stream()
                                .map(statistics -> new Section(statistics, words(statistics)))
                                .toList()));
    }

    private static List<List<String>> words(DataSetStatistics statistics) {
        return IntStream.range(0, WORDS)
                .mapToObj(i ->
                        statistics.classes().stream().map(of -> word(of, i)).toList())
                .toList();
    }

    private static String word(ClassStatistics statistics, int index) {
        if (index >= statistics.words().size()) return "";
        DataSetStatistics.WordCount word = statistics.words().get(index);
        return String.format(Locale.ROOT, "%s %,d", word.word(), word.texts());
    }
}
