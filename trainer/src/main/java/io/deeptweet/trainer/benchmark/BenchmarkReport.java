// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.Metric;
import io.deeptweet.trainer.report.ReportTemplates;
import io.deeptweet.trainer.train.ModelReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Models side by side on the same test sets. Each test set also has the paper's figures and a linear model of the same
 * training texts.
 *
 * @param command that writes this report
 * @param models in the order of their training, each fine-tuned from the one before
 * @param tests in the order of the models
 */
public record BenchmarkReport(String command, List<Model> models, List<TestSet> tests) {
    static final String PAPER = "paper";
    static final String LINEAR = "linear";

    /**
     * A model.
     *
     * @param bytes of its file
     */
    public record Model(
            String name, String version, long bytes, ModelReport.Data data, ModelReport.Training training) {}

    /**
     * Texts that no model was trained on, and how the models do on them.
     *
     * @param of name of the model that was trained on texts of this kind
     * @param paper the paper's figures of its model of this kind; empty if it has no such test
     * @param linear evaluation of the linear model of {@code of}'s training texts
     * @param linearSeconds that fitting the linear model took
     * @param evaluations by model
     */
    public record TestSet(
            String name,
            String of,
            Map<Metric, Double> paper,
            Evaluation linear,
            double linearSeconds,
            Map<String, Evaluation> evaluations) {}

    /** The page in Markdown. {@code benchmark.png} and the models' folders are beside it. */
    public String toMarkdown() {
        return ReportTemplates.render("benchmark.md", values());
    }

    /** The page in HTML. {@code benchmark.png} and the models' folders are beside it. */
    public String toHtml() {
        return ReportTemplates.render("benchmark.html", values());
    }

    private Map<String, Object> values() {
        BenchmarkTables tables = new BenchmarkTables(this);
        return Map.of("preface", tables.preface(), "command", command, "tables", tables.tables(), "models", models);
    }

    /** Accuracy by test set, then by model; NaN where there is none. */
    public Map<String, Map<String, Double>> accuracies() {
        Map<String, Map<String, Double>> accuracies = new LinkedHashMap<>();
        for (TestSet test : tests) {
            Map<String, Double> row = new LinkedHashMap<>();
            row.put(PAPER, test.paper.getOrDefault(Metric.ACCURACY, Double.NaN));
            row.put(LINEAR, test.linear.accuracy());
            models.forEach(model ->
                    row.put(model.name, test.evaluations.get(model.name).accuracy()));
            accuracies.put(test.name, row);
        }
        return accuracies;
    }
}
