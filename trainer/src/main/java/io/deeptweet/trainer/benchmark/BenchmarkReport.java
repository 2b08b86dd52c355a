// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.report.Page;
import io.deeptweet.trainer.train.ModelReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * Models side by side on the same test sets, and beside them a linear model of each test set's own training texts, and
 * what the paper says.
 *
 * @param command what gives it
 * @param models in the order in which they were made, each from the one before
 * @param tests in the order of the models, then others
 */
public record BenchmarkReport(String command, List<Model> models, List<TestSet> tests) {
    private static final String PAPER = "paper";
    private static final String LINEAR = "linear";

    /**
     * A model.
     *
     * @param bytes of its artefact
     */
    public record Model(
            String name, String version, long bytes, ModelReport.Data data, ModelReport.Training training) {}

    /**
     * Texts that nobody learned from, and what the models make of them.
     *
     * @param of the model that was made from texts of this kind
     * @param paper what the paper says of its model of this kind, by the figure's name; none if it has no such test
     * @param linear of a linear model of the texts that {@code of} is made from
     * @param linearSeconds that its fitting took
     * @param evaluations by model
     */
    public record TestSet(
            String name,
            String of,
            Map<String, Double> paper,
            Evaluation linear,
            double linearSeconds,
            Map<String, Evaluation> evaluations) {
        private int texts() {
            return linear.texts();
        }
    }

    private record Figure(String name, boolean lowerIsBetter, ToDoubleFunction<Evaluation> of) {}

    private static final Figure ACCURACY = new Figure("accuracy", false, Evaluation::accuracy);
    private static final Figure MACRO_F1 = new Figure("macro F1", false, Evaluation::macroF1);
    private static final Figure MACRO_RECALL = new Figure("macro recall", false, Evaluation::macroRecall);
    private static final Figure CALIBRATION = new Figure("calibration error", true, Evaluation::calibrationError);
    private static final List<Figure> FURTHER = List.of(
            new Figure(
                    "precision, negative",
                    false,
                    evaluation -> evaluation.negative().precision()),
            new Figure(
                    "recall, negative",
                    false,
                    evaluation -> evaluation.negative().recall()),
            new Figure(
                    "F1, negative", false, evaluation -> evaluation.negative().f1()),
            new Figure(
                    "precision, positive",
                    false,
                    evaluation -> evaluation.positive().precision()),
            new Figure(
                    "recall, positive",
                    false,
                    evaluation -> evaluation.positive().recall()),
            new Figure(
                    "F1, positive", false, evaluation -> evaluation.positive().f1()),
            new Figure("ROC AUC", false, evaluation -> evaluation.rocAuc().orElse(Double.NaN)),
            new Figure("log loss", true, Evaluation::logLoss));

    /** A table as it is shown; the first column names the row. */
    private record Grid(String title, String remark, List<String> header, List<List<Cell>> rows) {}

    private record Cell(String text, boolean best) {}

    private List<Grid> grids() {
        List<Grid> grids = new ArrayList<>();
        List<List<Cell>> rows = new ArrayList<>();
        for (TestSet test : tests)
            for (Figure figure : List.of(ACCURACY, MACRO_F1, MACRO_RECALL))
                rows.add(row(test.name + ": " + figure.name, figure, test));
        grids.add(compared("The three models", "The best of a row is bold.", rows));
        grids.add(forgotten());
        grids.add(compared(
                "Calibration",
                "Expected calibration error: how far a probability is from the share of texts that are positive, on average.",
                tests.stream().map(test -> row(test.name, CALIBRATION, test)).toList()));
        grids.add(making());
        for (TestSet test : tests)
            grids.add(compared(
                    format("%s: %,d texts", test.name, test.texts()),
                    "",
                    FURTHER.stream()
                            .map(figure -> row(figure.name, figure, test))
                            .toList()));
        return grids;
    }

    /** A table of {@link #row}s; without the paper's column where that is empty. */
    private Grid compared(String title, String remark, List<List<Cell>> rows) {
        List<String> columns = new ArrayList<>(List.of("", PAPER, LINEAR));
        models.forEach(model -> columns.add(model.name));
        if (rows.stream().allMatch(row -> row.get(1).text.isEmpty())) {
            columns.remove(1);
            rows.forEach(row -> row.remove(1));
        }
        return new Grid(title, remark, columns, rows);
    }

    /** What is shown as the same as the best is as good. */
    private List<Cell> row(String name, Figure figure, TestSet test) {
        List<Double> values = new ArrayList<>();
        values.add(test.paper.get(figure.name));
        values.add(figure.of.applyAsDouble(test.linear));
        models.forEach(model -> values.add(figure.of.applyAsDouble(test.evaluations.get(model.name))));
        double best = values.stream()
                .filter(Objects::nonNull)
                .reduce(figure.lowerIsBetter ? Math::min : Math::max)
                .orElseThrow();
        List<Cell> cells = new ArrayList<>(List.of(new Cell(name, false)));
        for (int i = 0; i < values.size(); i++) {
            Double value = values.get(i);
            boolean isBest = value != null && format("%.4f", value).equals(format("%.4f", best));
            cells.add(new Cell(
                    value == null ? "" : format(i == 0 ? "%.2f" : "%.4f", value),
                    isBest)); // the paper gives two digits
        }
        return cells;
    }

    /** By how much later models' accuracy differs on the tests of those before. */
    private Grid forgotten() {
        List<String> columns = new ArrayList<>(List.of("", "right after"));
        models.stream().skip(1).forEach(model -> columns.add(model.name));
        List<String> names = models.stream().map(Model::name).toList();
        List<List<Cell>> rows = new ArrayList<>();
        for (TestSet test : tests) {
            int of = names.indexOf(test.of);
            if (of == names.size() - 1) continue;
            double then = test.evaluations.get(test.of).accuracy();
            List<Cell> cells = new ArrayList<>(cells(test.name, test.of + ": " + format("%.4f", then)));
            for (int i = 1; i < names.size(); i++)
                cells.add(new Cell(
                        i <= of
                                ? ""
                                : format(
                                        "%+.4f",
                                        test.evaluations.get(names.get(i)).accuracy() - then),
                        false));
            rows.add(cells);
        }
        return new Grid(
                "What later models forgot",
                "Accuracy of the model that was made from such texts, and by how much that of later ones differs.",
                columns,
                rows);
    }

    private Grid making() {
        List<List<Cell>> rows = new ArrayList<>();
        for (Model model : models)
            rows.add(cells(
                    model.version,
                    format("%,d", model.data.train()),
                    format("%,d", model.data.validation()),
                    format("%,d", model.data.test()),
                    format("%.0f", model.training.seconds()),
                    format("%,.0f", model.training.samplesPerSecond()),
                    format("%,d", model.training.platform().peakMemory()),
                    format("%.1f", model.bytes / 1e6)));
        Map<String, Double> linear = new LinkedHashMap<>();
        tests.forEach(test -> linear.putIfAbsent(test.of, test.linearSeconds));
        linear.forEach((of, seconds) -> rows.add(
                cells(LINEAR + ", from " + of + "'s own texts", "", "", "", format("%.0f", seconds), "", "", "")));
        return new Grid(
                "How they were made",
                "Texts include those that are rehearsed. Seconds are those of the network's epochs, samples those learned in them; the peak is the process's so far, which also held all the data. Each folder has the whole report.",
                List.of(
                        "",
                        "texts to train",
                        "to validate",
                        "to test",
                        "seconds",
                        "samples/s",
                        "peak memory, MB",
                        "file, MB"),
                rows);
    }

    private static List<Cell> cells(String... texts) {
        return List.of(texts).stream().map(text -> new Cell(text, false)).toList();
    }

    /** Accuracy by test set, then by model; NaN where there is none. */
    public Map<String, Map<String, Double>> accuracies() {
        Map<String, Map<String, Double>> accuracies = new LinkedHashMap<>();
        for (TestSet test : tests) {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put(PAPER, test.paper.getOrDefault(ACCURACY.name, Double.NaN));
            row.put(LINEAR, test.linear.accuracy());
            models.forEach(model ->
                    row.put(model.name, test.evaluations.get(model.name).accuracy()));
            accuracies.put(test.name, row);
        }
        return accuracies;
    }

    private List<String> preface() {
        ModelReport.Platform platform = models.get(0).training.platform();
        String others = tests.stream()
                .filter(test -> test.paper.isEmpty())
                .map(TestSet::name)
                .collect(Collectors.joining(", "));
        return List.of(
                "The paper's three models, each made from the one before, and for every test set a linear model of the same training texts: logistic regression on the TF-IDF of words and word pairs. "
                        + "The paper's figures are of its own rows of such data: they are beside ours, not under the same conditions.",
                "No text stands on two sides of a split, whichever set it comes in; of " + others
                        + " no text was learned at all. " + "Made on " + platform.os() + " " + platform.architecture()
                        + " with " + platform.processors() + " processors and Java " + platform.java()
                        + ", by one thread of native code.");
    }

    /** A page of Markdown, with {@code benchmark.png} and the models' folders beside it. */
    public String toMarkdown() {
        StringBuilder page = new StringBuilder("# Benchmark\n\n");
        preface().forEach(paragraph -> page.append(paragraph).append("\n\n"));
        page.append("    ").append(command).append("\n\n![Accuracy](benchmark.png)\n");
        for (Grid grid : grids()) {
            page.append("\n## ")
                    .append(grid.title)
                    .append("\n\n")
                    .append(grid.remark)
                    .append(grid.remark.isEmpty() ? "" : "\n\n")
                    .append(line(grid.header));
            page.append("|---|").append("---:|".repeat(grid.header.size() - 1)).append('\n');
            grid.rows.forEach(row -> page.append(line(row.stream()
                    .map(cell -> cell.best ? "**" + cell.text + "**" : cell.text)
                    .toList())));
        }
        page.append("\n## The data, and each model's report\n\n- [exploration](exploration/index.html)\n");
        models.forEach(model -> page.append(format("- [%1$s](%1$s/report.md)%n", model.name)));
        return page.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    /** A page of HTML, with {@code benchmark.png} and the models' folders beside it. */
    public String toHtml() {
        StringBuilder body = new StringBuilder();
        preface()
                .forEach(paragraph ->
                        body.append("<p>").append(Page.escaped(paragraph)).append("</p>\n"));
        body.append("<pre>")
                .append(Page.escaped(command))
                .append("</pre>\n<img src=\"benchmark.png\" alt=\"Accuracy\">\n");
        for (Grid grid : grids()) {
            body.append("<h2>")
                    .append(Page.escaped(grid.title))
                    .append("</h2>\n<p>")
                    .append(Page.escaped(grid.remark))
                    .append("</p>\n<table>\n");
            body.append(Page.row("th", grid.header.stream().map(Page::escaped).toList()));
            grid.rows.forEach(row -> body.append(Page.row(
                    "td",
                    row.stream()
                            .map(cell -> cell.best ? "<b>" + Page.escaped(cell.text) + "</b>" : Page.escaped(cell.text))
                            .toList())));
            body.append("</table>\n");
        }
        body.append("<h2>The data</h2>\n<p><a href=\"exploration/index.html\">Classes, lengths, words</a></p>\n");
        for (Model model : models) {
            body.append(format(
                    "<h2>%1$s</h2>%n<p><a href=\"%1$s/report.md\">The whole report</a></p>%n<div class=\"pair\">",
                    Page.escaped(model.name)));
            if (!model.training.epochs().isEmpty()) body.append(picture(model, "learning"));
            body.append(picture(model, "confusion"))
                    .append(picture(model, "precision-recall"))
                    .append("</div>\n");
        }
        return Page.of("Benchmark", body.toString());
    }

    private static String picture(Model model, String what) {
        return format("<img src=\"%1$s/%2$s.png\" alt=\"%1$s: %2$s\">", Page.escaped(model.name), what);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
