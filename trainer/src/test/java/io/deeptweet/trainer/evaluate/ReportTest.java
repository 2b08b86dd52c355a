// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTest {
    private final Evaluation both = Evaluation.of(new float[] {0.9f, 0.1f, 0.6f}, new boolean[] {true, false, false});
    private final Evaluation one = Evaluation.of(new float[] {0.9f, 0.1f}, new boolean[] {true, true});

    /** A figure that there is not is left out: NaN is no JSON. */
    @Test
    void whatIsWrittenIsReadBackThoughAClassBeMissing() throws Exception {
        Report report = new Report(
                "made",
                new Report.Data("by a test", 5, Map.of(), 0, 3, 2, 0, 10, 0.5),
                new Report.Training(
                        "deeptweet", 64, Map.of("--epochs", 1), List.of(), 0, 0, 1, 0, 0, 0, Report.Platform.here()),
                both,
                one,
                Map.of("guard", one),
                Optional.empty());
        String json = report.toJson();
        assertThat(json).contains("\"roc_auc\":1.0").containsOnlyOnce("roc_auc").doesNotContain("NaN");
        assertThat(Report.of(json)).isEqualTo(report);
        assertThat(Report.of(json).test().rocAuc()).isEmpty();
        assertThat(report.toMarkdown()).containsPattern("\\| ROC AUC +\\| +1.0000 \\| +NaN \\| +NaN \\|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1-base", "v2-modern", "v3-live"})
    void theReportsInTheRepositoryAreRead(String name) throws Exception {
        Report report = Report.of(Files.readString(Path.of("reports", name, "report.json")));
        assertThat(report.test().rocAuc().orElseThrow()).isBetween(0.8, 1.0);
        assertThat(Report.of(report.toJson())).isEqualTo(report);
    }
}
