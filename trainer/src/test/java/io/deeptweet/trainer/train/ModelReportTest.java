// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.trainer.evaluate.Evaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReportTest {
    private final Evaluation both = Evaluation.of(new float[] {0.9f, 0.1f, 0.6f}, new boolean[] {true, false, false});
    private final Evaluation one = Evaluation.of(new float[] {0.9f, 0.1f}, new boolean[] {true, true});

    /** A metric without a value is left out, as NaN is not JSON. */
    @Test
    void aReportIsReadAsItWasWrittenEvenWithoutAClass() throws Exception {
        ModelReport report = new ModelReport(
                "synthetic",
                new ModelReport.Data("by a test", 5, Map.of(), 0, 3, 2, 0, 10, 0.5, Optional.empty()),
                new ModelReport.Training(
                        "deeptweet",
                        64,
                        Map.of("--epochs", 1),
                        List.of(),
                        0,
                        0,
                        List.of(new ModelReport.Head(1, 0)),
                        0,
                        0,
                        ModelReport.Platform.here()),
                both,
                one,
                Map.of("guard", one),
                Optional.of(Map.of("negative", new ShareCorrection.HeldOut(3, 0.75, 0.25, 0.01, 0.01, -0.01))),
                Optional.empty());
        String json = report.toJson();
        assertThat(json).contains("\"roc_auc\":1.0").containsOnlyOnce("roc_auc").doesNotContain("NaN");
        assertThat(ModelReport.of(json)).isEqualTo(report);
        assertThat(ModelReport.of(json).test().rocAuc()).isEmpty();
        assertThat(report.table()).containsPattern("\\| ROC AUC +\\| +1.0000 \\| +NaN \\| +NaN \\|");
    }

    @ParameterizedTest
    @ValueSource(strings = {"v1-base", "v2-modern", "v3-live"})
    void theReportsInTheRepositoryAreRead(String name) throws Exception {
        ModelReport report = ModelReport.of(Files.readString(Path.of("reports", name, "report.json")));
        assertThat(report.test().rocAuc().orElseThrow()).isBetween(0.8, 1.0);
        assertThat(ModelReport.of(report.toJson())).isEqualTo(report);
    }
}
