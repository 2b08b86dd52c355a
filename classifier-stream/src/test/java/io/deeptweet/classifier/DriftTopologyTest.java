// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.schemas.DriftWindow;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriftTopologyTest extends TopologyHarness {
    @Test
    void driftIsMeasuredPerFeedAndWindowAndJudgedFromEnoughTweetsOn() {
        references.add("v1", header("[0, 0, 0, 0, 0, 0, 0, 3, 1, 0]"));
        references.add("v2", header("[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]"));
        pipe(tweet("1", "election", NOON, "all known"));
        pipe(tweet("2", "election", NOON, "x xx xxx"));
        pipe(tweet("3", "other", NOON, "known"));
        model.swap(new TestScorers.Constant("v2", 0.55f));
        Map<String, DriftWindow> first = lastDrift();
        pipe(tweet("4", "election", NOON.plusSeconds(3_599), "well known"));
        pipe(tweet("5", "election", NOON.plusSeconds(3_600), "next window"));
        Map<String, DriftWindow> last = lastDrift();

        assertThat(first).containsOnlyKeys("election/PT1H/2024-08-15T12:00:00Z", "other/PT1H/2024-08-15T12:00:00Z");
        assertThat(first.get("election/PT1H/2024-08-15T12:00:00Z").getUnknownRate())
                .isEqualTo(0.6);
        assertThat(first.get("election/PT1H/2024-08-15T12:00:00Z").getAlarms())
                .as("two tweets are not enough")
                .isEmpty();

        DriftWindow window = last.get("election/PT1H/2024-08-15T12:00:00Z");
        assertThat(window.getFeed()).isEqualTo("election");
        assertThat(window.getStart()).isEqualTo(NOON);
        assertThat(window.getEnd()).isEqualTo(NOON.plusSeconds(3_600));
        assertThat(window.getCount()).isEqualTo(3);
        assertThat(window.getUnknownRate()).isCloseTo(3 / 7.0, within(1e-12));
        assertThat(window.getUncertainShare()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(window.getHistograms().getPositive()).containsExactly(0L, 0L, 0L, 0L, 0L, 1L, 0L, 2L, 0L, 0L);
        assertThat(window.getModelVersions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
        // Worked out on paper: of two tweets by v1 and one by v2, (2·¾, 2·¼, 1) / 3 = (½, ⅙, ⅓) are expected in the
        // bins 7, 8 and 5; there are (⅔, 0, ⅓).
        assertThat(window.getPsi().orElseThrow())
                .isCloseTo((2 / 3.0 - 0.5) * Math.log(4 / 3.0) + (1e-4 - 1 / 6.0) * Math.log(6e-4), within(1e-9));
        assertThat(window.getAlarms()).containsExactly("unknown", "psi");
        assertThat(last).containsOnlyKeys("election/PT1H/2024-08-15T12:00:00Z", "election/PT1H/2024-08-15T13:00:00Z");
        assertThat(observer.drift).containsOnlyKeys("election", "other");
        driver.close();
        start(ids);
        assertThat(observer.drift).as("another instance measures them now").isEmpty();
    }

    @Test
    void withoutAHistogramInTheReportThereIsNoIndex() {
        references.add("v1", header("null"));
        for (int i = 0; i < 5; i++) pipe(tweet("" + i, "election", NOON));
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getPsi())
                .isEmpty();
    }

    /** The header of an artefact whose report holds this histogram. */
    private static String header(String histogram) {
        return TestModels.constant("reported", 0.5, "{\"test\":{\"histogram\":" + histogram + "}}")
                .file()
                .header();
    }
}
