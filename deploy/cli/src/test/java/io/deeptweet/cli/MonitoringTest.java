// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code deploy/monitoring}; {@code promtool} checks the rules, see {@code .ci/run}. */
class MonitoringTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern METRIC = Pattern.compile("deeptweet_[a-z_]+");

    @ParameterizedTest
    @ValueSource(strings = {"alerts.yml", "alerts-test.yml", "grafana-dashboard.json"})
    void everyMetricIsDocumented(String file) throws IOException {
        String documented = Files.readString(ROOT.resolve("docs/metrics.md"));
        TreeSet<String> used = new TreeSet<>();
        METRIC.matcher(Files.readString(ROOT.resolve("deploy/monitoring").resolve(file)))
                .results()
                .map(MatchResult::group)
                .forEach(used::add);
        assertThat(used)
                .hasSizeGreaterThan(5)
                .allSatisfy(
                        metric -> assertThat(documented).contains("`" + metric.replaceAll("_(bucket|count|sum)$", "")));
    }

    @Test
    void everyPanelHasAQueryAndItsOwnPlace() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(
                        ROOT.resolve("deploy/monitoring/grafana-dashboard.json").toFile());
        assertThat(dashboard.path("panels")).allSatisfy(panel -> {
            if (!panel.path("type").asText().equals("row"))
                assertThat(panel.path("targets")).isNotEmpty();
        });
        assertThat(dashboard.path("panels"))
                .extracting(panel -> panel.path("gridPos").path("x") + ","
                        + panel.path("gridPos").path("y"))
                .doesNotHaveDuplicates();
        assertThat(dashboard.path("panels"))
                .extracting(panel -> panel.path("id").asInt())
                .doesNotHaveDuplicates();
    }
}
