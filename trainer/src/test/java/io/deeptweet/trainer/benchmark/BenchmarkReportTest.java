// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.evaluate.Metric;
import io.deeptweet.trainer.train.ModelReport;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchmarkReportTest {
    private static final ModelReport.Platform HERE = new ModelReport.Platform("17", "Linux", "amd64", 2, 900);

    private static BenchmarkReport.Model model(String name) {
        return new BenchmarkReport.Model(
                name,
                name + "-0123abcd",
                12_600_000,
                new ModelReport.Data("<synthetic>", 10, Map.of(), 6, 2, 2, 0, 99, 0, Optional.empty()),
                new ModelReport.Training(
                        "deeptweet",
                        64,
                        Map.of(),
                        List.of(),
                        0,
                        0,
                        List.of(new ModelReport.Head(1, 0)),
                        61.4,
                        1234.5,
                        HERE));
    }

    /** An evaluation of ten texts with certain probabilities, that many of them right. */
    private static Evaluation right(int count) {
        float[] probabilities = new float[10];
        boolean[] positive = new boolean[10];
        for (int i = 0; i < 10; i++) {
            positive[i] = i % 2 == 0;
            probabilities[i] = positive[i] == i < count ? 1 : 0;
        }
        return Evaluation.of(probabilities, positive);
    }

    private final BenchmarkReport comparison = new BenchmarkReport(
            "deeptweet benchmark",
            List.of(model("v1"), model("v2")),
            List.of(
                    new BenchmarkReport.TestSet(
                            "Old",
                            "v1",
                            Map.of(Metric.ACCURACY, 0.8),
                            right(7),
                            12.3,
                            Map.of("v1", right(9), "v2", right(8))),
                    new BenchmarkReport.TestSet(
                            "New & <newer>", "v2", Map.of(), right(8), 4, Map.of("v1", right(6), "v2", right(8)))));

    @Test
    void theBestValueOfARowIsBoldAndThePapersFigureIsInTheRow() {
        assertThat(comparison.toMarkdown())
                .contains(
                        "|  | paper | linear | v1 | v2 |",
                        "| Old: accuracy | 0.80 | 0.7000 | **0.9000** | 0.8000 |",
                        "| New & <newer>: accuracy |  | **0.8000** | 0.6000 | **0.8000** |");
    }

    @Test
    void theLowestErrorIsBest() {
        assertThat(comparison.toMarkdown().substring(comparison.toMarkdown().indexOf("## Calibration")))
                .contains("| Old | 0.3000 | **0.1000** | 0.2000 |");
    }

    @Test
    void forgettingIsShown() {
        assertThat(comparison.toMarkdown())
                .contains("|  | own model | v2 |", "| Old | v1: 0.9000 | -0.1000 |")
                .doesNotContain("| New & <newer> | v2:");
    }

    @Test
    void timeSpeedAndMemoryOfTrainingAreShown() {
        assertThat(comparison.toMarkdown())
                .contains(
                        "| v1-0123abcd | 6 | 2 | 2 | 61 | 1,235 | 900 | 12.6 |",
                        "| linear, training texts of v1 |  |  |  | 12 |  |  |  |");
    }

    @Test
    void valuesAreEscapedInHtml() {
        assertThat(comparison.toHtml())
                .contains("<b>0.9000</b>", "New &amp; &lt;newer&gt;", "v1/confusion.png")
                .doesNotContain("<newer>");
    }
}
