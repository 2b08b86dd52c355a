// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassHistogramsTest {
    @Test
    void theTestScoresAreReadFromAReport() {
        assertThat(ClassHistograms.ofTestScores("{\"test\":{\"histogram\":[1,0,0,0,0,0,0,0,0,4]}}"))
                .contains(new ClassHistograms(List.of(
                        new ScoreHistogram(List.of(4L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 1L)),
                        new ScoreHistogram(List.of(5L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L)),
                        new ScoreHistogram(List.of(1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 4L)))));
    }

    @Test
    void theTestScoresOfThreeClassesAreReadFromAReport() {
        String counts = "[0,0,0,0,0,3,0,0,0,%d]";
        String report = "{\"test\":{\"histograms\":{\"negative\":" + counts.formatted(1) + ",\"neutral\":"
                + counts.formatted(2) + ",\"positive\":" + counts.formatted(3) + "}}}";
        ClassHistograms read = ClassHistograms.ofTestScores(report).orElseThrow();
        assertThat(read.byClass()).extracting(ScoreHistogram::total).containsExactly(4L, 5L, 6L);
    }

    @Test
    void theIndexIsTheLargestOfTheClasses() {
        ClassHistograms neutral = ClassHistograms.of(new Score(0.5f, 0.05f, "v1", 0, 0));
        ClassHistograms polar = ClassHistograms.of(new Score(0.5f, 1, "v1", 0, 0));
        assertThat(neutral.populationStabilityIndex(neutral.shares())).isZero();
        assertThat(neutral.populationStabilityIndex(polar.shares()))
                .isEqualTo(neutral.of(SentimentClass.NEUTRAL)
                        .populationStabilityIndex(
                                polar.of(SentimentClass.NEUTRAL).shares()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"test\":{}}",
                "{\"test\":{\"histogram\":7}}",
                "{\"test\":{\"histogram\":[1,2]}}",
                "{\"test\":{\"histogram\":[0,0,0,0,0,0,0,0,0,0]}}",
                "{\"test\":{\"histogram\":[1,0,0,0,0,0,0,0,0,-4]}}",
                "{\"test\":{\"histogram\":[1,0,0,0,0,0,0,0,0,\"x\"]}}",
            })
    void aReportWithoutAValidHistogramGivesNone(String report) {
        assertThat(ClassHistograms.ofTestScores(report)).isEmpty();
    }
}
