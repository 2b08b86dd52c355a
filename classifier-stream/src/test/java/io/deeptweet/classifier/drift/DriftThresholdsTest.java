// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.DriftWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DriftThresholdsTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final DriftThresholds THRESHOLDS = new DriftThresholds(Duration.ofHours(1), 2, 1, 0.5, 0.5, 0.25);

    @Test
    void uncertainIsWhatIsWithinTheBand() {
        assertThat(judge(THRESHOLDS, 0.401f, 0.5f, 0.599f, 0.399f, 0.61f, 0, 1, 1)
                        .getUncertainShare())
                .isEqualTo(3 / 8.0);
        assertThat(judge(new DriftThresholds(Duration.ofHours(1), 2, 2, 1, 1, 1), 0.31f, 0.699f, 0.299f, 0.71f)
                        .getUncertainShare())
                .isEqualTo(0.5);
    }

    @Test
    void aThresholdIsPassedByMoreThanItself() {
        assertThat(judge(THRESHOLDS, 0.5f, 0.9f).getAlarms()).isEmpty();
        assertThat(judge(THRESHOLDS, 0.5f, 0.9f, 0.45f).getAlarms()).containsExactly("uncertain");
    }

    @Test
    void aWindowOfTooFewTweetsIsMeasuredAndNotJudged() {
        DriftWindow window = judge(THRESHOLDS, 0.5f);
        assertThat(window.getUncertainShare()).isEqualTo(1);
        assertThat(window.getAlarms()).isEmpty();
    }

    @Test
    void tweetsWithoutTokensHaveNoUnknownOnes() {
        SentimentAggregate empty = SentimentAggregate.of(new Score(0.9f, "v1", 0, 0));
        assertThat(THRESHOLDS
                        .judge("election", NOON, empty, new ModelReferences())
                        .getUnknownRate())
                .isZero();
        assertThat(THRESHOLDS
                        .judge(
                                "election",
                                NOON,
                                empty.plus(SentimentAggregate.of(new Score(0.9f, "v1", 4, 3))),
                                new ModelReferences())
                        .getAlarms())
                .containsExactly("unknown");
    }

    private static DriftWindow judge(DriftThresholds thresholds, float... probabilities) {
        SentimentAggregate sum = IntStream.range(0, probabilities.length)
                .mapToObj(i -> SentimentAggregate.of(new Score(probabilities[i], "v1", 7, 2)))
                .reduce(SentimentAggregate::plus)
                .orElseThrow();
        return thresholds.judge("election", NOON, sum, new ModelReferences());
    }
}
