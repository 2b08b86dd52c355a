// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.report;

import io.deeptweet.trainer.evaluate.ReportJson;
import io.deeptweet.trainer.train.ModelReport;
import io.deeptweet.trainer.train.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes a model's report: {@code report.json}, {@code report.md} and its pictures. */
public final class ModelReportFiles {
    private ModelReportFiles() {}

    /** Writes the files to that folder, which is created if missing. */
    public static void write(TrainedModel model, Path folder) throws IOException {
        ModelReport report = model.report();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("report.json"), ReportJson.pretty(report));
        Files.writeString(folder.resolve("report.md"), markdown(report));
        Charts.confusion(report.test().confusion(), folder.resolve("confusion.png"));
        Charts.precisionRecall(model.test(), folder.resolve("precision-recall.png"));
        if (!report.training().epochs().isEmpty())
            Charts.learning(report.training().epochs(), folder.resolve("learning.png"));
    }

    /** The report as a page of Markdown. */
    static String markdown(ModelReport report) {
        return ReportTemplates.render("model-report.md", Map.of("report", report));
    }
}
