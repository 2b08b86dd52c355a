// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class SentimentAggregateTest {
    /** Bytes before the format. */
    private static final int MARK = 4;

    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    @Test
    void tweetsAddUp() {
        SentimentAggregate sum = of(0.9f, "v1").plus(of(0.2f, "v1")).plus(of(0.6f, "v2"));
        assertThat(sum.count()).isEqualTo(3);
        assertThat(sum.positive()).isEqualTo(2);
        assertThat(sum.negative()).isEqualTo(1);
        assertThat(sum.versions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
        assertThat(sum.tokens()).isEqualTo(21);
        assertThat(sum.unknown()).isEqualTo(6);
        assertThat(sum.histogram()).isEqualTo(ScoreHistogram.of(0.9f, 0.2f, 0.6f));
        SentimentWindow window = sum.window("election", NOON, NOON.plusSeconds(10));
        assertThat(window.getMeanProbability()).isCloseTo((0.9 + 0.2 + 0.6) / 3, within(1e-6));
        assertThat(window.getCount()).isEqualTo(3);
    }

    @Test
    void theOrderOfTweetsDoesNotMatter() {
        SentimentAggregate one = of(0.5f, "v1").plus(of(0.25f, "v2")).plus(of(0.125f, "v1"));
        SentimentAggregate other = of(0.125f, "v1").plus(of(0.5f, "v1").plus(of(0.25f, "v2")));
        assertThat(one).isEqualTo(other);
    }

    @Test
    void anAggregateIsReadAsItWasWritten() {
        SentimentAggregate sum = of(0.9f, "v1").plus(of(0.2f, "v-2.ü"));
        assertThat(read(write(sum))).isEqualTo(sum);
    }

    @Test
    void anAggregateOfANewerFormatIsNamed() {
        byte[] bytes = write(of(0.9f, "v1"));
        bytes[MARK] = 4;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format 4");
    }

    /** Whatever another program writes to the same topic. */
    @Test
    void bytesOfOthersAreNoAggregateOfANewerFormat() {
        for (int first = 0; first < 256; first++)
            for (int length = 0; length < 40; length++) {
                byte[] bytes = new byte[length];
                Arrays.fill(bytes, (byte) first);
                assertThatThrownBy(() -> read(bytes))
                        .isInstanceOf(SerializationException.class)
                        .isNotInstanceOf(NewerFormatException.class);
            }
    }

    /** State that an earlier release left, which did not count tokens. */
    @Test
    void anAggregateOfTheFirstFormatIsRead() {
        byte[] bytes = write(of(0.75f, "v1"));
        bytes[MARK] = 1;
        assertThat(read(Arrays.copyOfRange(bytes, MARK, bytes.length - 96)))
                .isEqualTo(new SentimentAggregate(1, 0, 0.75, Map.of("v1", 1L), 0, 0, ScoreHistogram.EMPTY));
    }

    @Test
    void bytesThatWereCutShortAreNoAggregate() {
        byte[] bytes = write(of(0.9f, "v1"));
        assertThatThrownBy(() -> read(Arrays.copyOf(bytes, bytes.length - 1)))
                .isInstanceOf(SerializationException.class);
    }

    /** Whoever may write to the internal topic can claim any number. */
    @Test
    void numbersThatDoNotFitTogetherAreNoAggregate() {
        ScoreHistogram one = ScoreHistogram.of(0.9f);
        for (SentimentAggregate forged : List.of(
                new SentimentAggregate(-5, 10, 1, Map.of(), 0, 0, ScoreHistogram.EMPTY),
                new SentimentAggregate(Long.MAX_VALUE, 1, 1, Map.of(), 0, 0, ScoreHistogram.EMPTY),
                new SentimentAggregate(1, 0, Double.NaN, Map.of(), 0, 0, one),
                new SentimentAggregate(1, 0, 2, Map.of(), 0, 0, one),
                new SentimentAggregate(1, 0, 0.9, Map.of("v1", 2L), 0, 0, one),
                new SentimentAggregate(1, 0, 0.9, Map.of("v1", 1L), 1, 2, one),
                new SentimentAggregate(1, 0, 0.9, Map.of("v1", 1L), 0, 0, one.plus(one)),
                new SentimentAggregate(1, 0, 0.9, Map.of("v".repeat(129), 1L), 0, 0, one)))
            assertThatThrownBy(() -> read(write(forged))).isInstanceOf(SerializationException.class);
    }

    /** The record of the window would become too large. */
    @Test
    void versionsBeyondALimitAreCountedTogether() {
        SentimentAggregate sum = of(0.9f, "v0");
        for (int i = 1; i < 300; i++) sum = sum.plus(of(0.9f, "v" + i));
        assertThat(sum.versions()).hasSize(SentimentAggregate.MOST_VERSIONS + 1).containsEntry("other", 200L);
        assertThat(read(write(sum))).isEqualTo(sum);
    }

    private static byte[] write(SentimentAggregate aggregate) {
        return new SentimentAggregateSerde().serializer().serialize("topic", aggregate);
    }

    private static SentimentAggregate read(byte[] bytes) {
        return new SentimentAggregateSerde().deserializer().deserialize("topic", bytes);
    }

    private static SentimentAggregate of(float probability, String version) {
        return SentimentAggregate.of(new Score(probability, version, 7, 2));
    }
}
