// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.trainer.data.DataSetStatistics;
import io.deeptweet.trainer.data.DataSetStatistics.ClassFigures;
import java.util.List;
import java.util.Locale;

/** The page that shows explorations, with {@link Charts#exploration}'s pictures beside it. */
public final class ExplorationPage {
    private static final int WORDS = 20;

    private ExplorationPage() {}

    /**
     * The page.
     *
     * @param model whose pipeline and vocabulary the figures are about
     */
    public static String html(List<DataSetStatistics> explorations, ModelArtefact model) {
        StringBuilder page = new StringBuilder();
        page.append("<p>Tokens and vocabulary are those of ")
                .append(Page.escaped(model.version()))
                .append(" (pipeline ")
                .append(Page.escaped(model.pipeline().name()))
                .append(").</p>\n");
        for (int i = 0; i < explorations.size(); i++) section(page, explorations.get(i), i + 1);
        return Page.of("Exploration", page.toString());
    }

    private static void section(StringBuilder page, DataSetStatistics exploration, int number) {
        page.append("<h2>").append(Page.escaped(exploration.set().name())).append("</h2>\n<table>\n");
        row(page, "th", "", "negative", "positive");
        ClassFigures negative = exploration.negative();
        ClassFigures positive = exploration.positive();
        row(page, "td", "texts", format("%,d", negative.lengths().length), format("%,d", positive.lengths().length));
        row(page, "td", "tokens, mean", format("%.1f", negative.meanLength()), format("%.1f", positive.meanLength()));
        row(page, "td", "tokens, median", format("%d", negative.length(0.5)), format("%d", positive.length(0.5)));
        row(
                page,
                "td",
                "tokens, 95 % have at most",
                format("%d", negative.length(0.95)),
                format("%d", positive.length(0.95)));
        row(page, "td", "tokens, most", format("%d", negative.length(1)), format("%d", positive.length(1)));
        row(
                page,
                "td",
                "tokens not in the vocabulary",
                format("%.2f %%", 100 * negative.unknownTokens()),
                format("%.2f %%", 100 * positive.unknownTokens()));
        page.append("</table>\n<p>")
                .append(format(
                        "%,d rows; left out on reading: ", exploration.set().rows()))
                .append(Page.escaped(exploration.set().dropped().toString()))
                .append(format("; duplicate texts: %,d; for training besides left out: ", exploration.duplicates()))
                .append(Page.escaped(exploration.dropped().toString()))
                .append(".</p>\n");
        page.append("<div class=\"pair\">")
                .append(picture(number, "classes", "Class distribution"))
                .append(picture(number, "lengths", "Lengths in tokens"))
                .append("</div>\n");
        page.append("<div class=\"pair\">")
                .append(picture(number, "negative", "Word cloud of the negative texts"))
                .append(picture(number, "positive", "Word cloud of the positive texts"))
                .append("</div>\n");
        page.append("<p>Most frequent but stop words, by the number of texts.</p>\n<table>\n");
        row(page, "th", "", "negative", "positive");
        for (int i = 0; i < WORDS; i++) row(page, "td", Integer.toString(i + 1), word(negative, i), word(positive, i));
        page.append("</table>\n");
    }

    private static String word(ClassFigures figures, int index) {
        return index < figures.words().size()
                ? Page.escaped(figures.words().get(index).word())
                        + format(" %,d", figures.words().get(index).texts())
                : "";
    }

    private static String picture(int number, String name, String description) {
        return "<img src=\"" + number + "-" + name + ".png\" alt=\"" + description + "\">";
    }

    private static void row(StringBuilder page, String tag, String... cells) {
        page.append(Page.row(tag, List.of(cells)));
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
