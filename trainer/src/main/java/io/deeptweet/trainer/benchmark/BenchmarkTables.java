// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.trainer.evaluate.Metric;
import io.deeptweet.trainer.train.ModelReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The text and tables of a {@link BenchmarkReport}, for the templates of its pages. */
final class BenchmarkTables {
    private static final List<Metric> DETAILS = List.of(
            Metric.NEGATIVE_PRECISION,
            Metric.NEGATIVE_RECALL,
            Metric.NEGATIVE_F1,
            Metric.POSITIVE_PRECISION,
            Metric.POSITIVE_RECALL,
            Metric.POSITIVE_F1,
            Metric.ROC_AUC,
            Metric.LOG_LOSS);

    private final List<BenchmarkReport.Model> models;
    private final List<BenchmarkReport.TestSet> tests;

    BenchmarkTables(BenchmarkReport report) {
        this.models = report.models();
        this.tests = report.tests();
    }

    /**
     * A table of the report.
     *
     * @param remark a sentence above the table, or nothing
     * @param rows whose first cell names the row
     */
    public record Table(String title, String remark, List<String> header, List<List<Cell>> rows) {}

    /**
     * A cell.
     *
     * @param best whether it is the best value of its row, or shown as the same
     */
    public record Cell(String text, boolean best) {}

    /** The paragraphs above the tables. */
    List<String> preface() {
        ModelReport.Platform platform = models.get(0).training().platform();
        String others = tests.stream()
                .filter(test -> test.paper().isEmpty())
                .map(BenchmarkReport.TestSet::name)
                .collect(Collectors.joining(", "));
        return List.of(
                "The paper's three models, each fine-tuned from the one before. For every test set there is a linear "
                        + "baseline, trained on the same texts: logistic regression on the TF-IDF of words and word "
                        + "pairs. The paper's figures are for its own rows of these data sets, so conditions differ.",
                "No text is in two parts (train, validation, test), in all data sets together. No text of " + others
                        + " was trained on. Measured on " + platform.os() + " " + platform.architecture() + " with "
                        + platform.processors() + " processors and Java " + platform.java()
                        + ", one thread of native code.");
    }

    /** All tables in their order. */
    List<Table> tables() {
        List<Table> tables = new ArrayList<>();
        tables.add(comparison(
                "The three models",
                "The best value of a row is bold.",
                tests.stream()
                        .flatMap(test -> Stream.of(Metric.ACCURACY, Metric.MACRO_F1, Metric.MACRO_RECALL)
                                .map(metric -> row(test.name() + ": " + metric.label(), metric, test)))
                        .toList()));
        tables.add(forgetting());
        tables.add(comparison(
                "Calibration",
                "Expected calibration error: mean difference between probability and share of positive texts.",
                tests.stream()
                        .map(test -> row(test.name(), Metric.CALIBRATION_ERROR, test))
                        .toList()));
        tables.add(training());
        for (BenchmarkReport.TestSet test : tests)
            tables.add(comparison(
                    format("%s: %,d texts", test.name(), test.linear().texts()),
                    "",
                    DETAILS.stream()
                            .map(metric -> row(metric.label(), metric, test))
                            .toList()));
        return tables;
    }

    /** A table of {@link #row}s; without the paper's column if it is empty. */
    private Table comparison(String title, String remark, List<List<Cell>> rows) {
        List<String> header = new ArrayList<>(List.of("", BenchmarkReport.PAPER, BenchmarkReport.LINEAR));
        models.forEach(model -> header.add(model.name()));
        if (rows.stream().allMatch(row -> row.get(1).text.isEmpty())) {
            header.remove(1);
            rows.forEach(row -> row.remove(1));
        }
        return new Table(title, remark, header, rows);
    }

    private List<Cell> row(String name, Metric metric, BenchmarkReport.TestSet test) {
        List<Double> values = new ArrayList<>();
        values.add(test.paper().get(metric));
        values.add(metric.of(test.linear()));
        models.forEach(model -> values.add(metric.of(test.evaluations().get(model.name()))));
        double best = values.stream()
                .filter(Objects::nonNull)
                .reduce(metric.lowerIsBetter() ? Math::min : Math::max)
                .orElseThrow();
        List<Cell> cells = new ArrayList<>(List.of(new Cell(name, false)));
        for (int i = 0; i < values.size(); i++) {
            Double value = values.get(i);
            boolean isBest = value != null && metric.format(value).equals(metric.format(best));
            boolean isPaper = i == 0; // which gives two decimals
            cells.add(new Cell(value == null ? "" : isPaper ? format("%.2f", value) : metric.format(value), isBest));
        }
        return cells;
    }

    /** How later models' accuracy differs on the test sets of earlier ones. */
    private Table forgetting() {
        List<String> header = new ArrayList<>(List.of("", "own model"));
        models.stream().skip(1).forEach(model -> header.add(model.name()));
        List<String> names = models.stream().map(BenchmarkReport.Model::name).toList();
        List<List<Cell>> rows = new ArrayList<>();
        for (BenchmarkReport.TestSet test : tests) {
            int of = names.indexOf(test.of());
            if (of == names.size() - 1) continue;
            double before = test.evaluations().get(test.of()).accuracy();
            List<Cell> cells = new ArrayList<>(cells(test.name(), test.of() + ": " + format("%.4f", before)));
            for (int i = 1; i < names.size(); i++) {
                double difference = test.evaluations().get(names.get(i)).accuracy() - before;
                cells.add(new Cell(i <= of ? "" : format("%+.4f", difference), false));
            }
            rows.add(cells);
        }
        return new Table(
                "Forgetting",
                "Accuracy of the model that was trained on texts of this kind,"
                        + " and the difference of the models after it.",
                header,
                rows);
    }

    private Table training() {
        List<List<Cell>> rows = new ArrayList<>();
        for (BenchmarkReport.Model model : models)
            rows.add(cells(
                    model.version(),
                    format("%,d", model.data().train()),
                    format("%,d", model.data().validation()),
                    format("%,d", model.data().test()),
                    format("%.0f", model.training().seconds()),
                    format("%,.0f", model.training().samplesPerSecond()),
                    format("%,d", model.training().platform().peakMemory()),
                    format("%.1f", model.bytes() / 1e6)));
        Map<String, Double> linear = new LinkedHashMap<>();
        tests.forEach(test -> linear.putIfAbsent(test.of(), test.linearSeconds()));
        linear.forEach((of, seconds) -> rows.add(cells(
                BenchmarkReport.LINEAR + ", training texts of " + of,
                "",
                "",
                "",
                format("%.0f", seconds),
                "",
                "",
                "")));
        return new Table(
                "Training",
                "Texts include rehearsed ones. Seconds and samples/s are those of the network's epochs. Peak memory is "
                        + "the process's so far, with all data sets in it. Each model's folder has the full report.",
                List.of(
                        "",
                        "train texts",
                        "validation texts",
                        "test texts",
                        "seconds",
                        "samples/s",
                        "peak memory, MB",
                        "file, MB"),
                rows);
    }

    private static List<Cell> cells(String... texts) {
        return List.of(texts).stream().map(text -> new Cell(text, false)).toList();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
