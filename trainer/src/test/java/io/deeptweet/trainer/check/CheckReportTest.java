// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    private static final String HOSTILE = "`<script>alert(1)</script>` | **x**\n# heading";

    private final CheckReport report = new CheckReport(
            "v1",
            List.of(new TestResult(
                    HOSTILE,
                    "words",
                    "minimum functionality",
                    "positive",
                    4,
                    1,
                    0.2,
                    false,
                    List.of(new TestResult.Failure(HOSTILE, "neutral 0.60", "", "")),
                    Map.of())));

    @Test
    void textsOfTestsStayTextInMarkdown() {
        assertThat(report.markdown())
                .contains("| words | \\`&lt;script\\>alert(1)&lt;/script\\>\\` \\| \\*\\*x\\*\\* \\# heading |")
                .doesNotContain("<script", "\n# heading");
        assertThat(report.markdown().lines().filter(line -> line.startsWith("|")))
                .hasSize(6);
    }

    @Test
    void textsOfTestsStayTextInHtml() {
        assertThat(report.html()).contains("&lt;script&gt;").doesNotContain("<script>alert");
    }
}
