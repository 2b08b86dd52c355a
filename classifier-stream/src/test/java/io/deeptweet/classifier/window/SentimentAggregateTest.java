// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.ClassHistograms;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.score.ShareCorrection;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        assertThat(sum.count(SentimentClass.POSITIVE)).isEqualTo(2);
        assertThat(sum.count(SentimentClass.NEGATIVE)).isEqualTo(1);
        assertThat(sum.versions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
        assertThat(sum.tokens()).isEqualTo(21);
        assertThat(sum.unknown()).isEqualTo(6);
        assertThat(sum.histograms().of(SentimentClass.POSITIVE)).isEqualTo(ScoreHistogram.of(0.9f, 0.2f, 0.6f));
        assertThat(sum.margins().total()).isEqualTo(3);
        SentimentWindow window = window(sum, Optional.empty());
        assertThat(window.getMeanProbabilities().getPositive()).isCloseTo((0.9f + 0.2f + 0.6f) / 3, within(1e-6f));
        assertThat(window.getCount()).isEqualTo(3);
    }

    @Test
    void threeClassesAddUpToTheCount() {
        SentimentAggregate sum = of(0.9f, "v1")
                .plus(SentimentAggregate.of(new Score(0.5f, 0.25f, "v1", 7, 2)))
                .plus(SentimentAggregate.of(new Score(0.1f, 0.8f, "v1", 7, 2)));
        SentimentWindow window = window(sum, Optional.empty());
        assertThat(List.of(window.getNegative(), window.getNeutral(), window.getPositive(), window.getCount()))
                .containsExactly(1L, 1L, 1L, 3L);
        assertThat(window.getMeanProbabilities().getNeutral()).isCloseTo((0 + 0.75f + 0.2f) / 3, within(1e-6f));
        assertThat(read(write(sum))).isEqualTo(sum);
    }

    @Test
    void theSharesAreCorrected() {
        ShareCorrection correction = ShareCorrection.of(Map.of(
                SentimentClass.NEGATIVE, List.of(new Score(0.2f, "v1"), new Score(0.4f, "v1")),
                SentimentClass.POSITIVE, List.of(new Score(0.6f, "v1"), new Score(0.8f, "v1"))));
        SentimentAggregate sum =
                of(0.3f, "v1").plus(of(0.3f, "v1")).plus(of(0.3f, "v1")).plus(of(0.7f, "v1"));
        SentimentWindow window = window(sum, Optional.of(correction));
        assertThat(window.getShares().orElseThrow().getPositive().getShare()).isCloseTo(0.25f, within(1e-6f));
        assertThat(window.getShares().orElseThrow().getNegative().getHigh()).isGreaterThan(0.75f);
        assertThat(window(sum, Optional.empty()).getShares()).isEmpty();
    }

    private static SentimentWindow window(SentimentAggregate sum, Optional<ShareCorrection> correction) {
        return sum.window(new FeedWindow("election", NOON.toEpochMilli()), Duration.ofSeconds(10), correction, 2, true);
    }

    /** With a band of two tenths, the margin is below 0.4. */
    @Test
    void uncertainTweetsAreCounted() {
        SentimentAggregate sum = of(0.9f, "v1").plus(of(0.6f, "v1")).plus(of(0.75f, "v1"));
        assertThat(window(sum, Optional.empty()).getUncertain()).isEqualTo(1);
        assertThat(window(sum, Optional.empty()).getClosed()).isTrue();
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
    void explainedTweetsAreReadAsTheyWereWritten() {
        SentimentAggregate sum = of(0.9f, "v1").with(explained()).plus(of(0.2f, "v1"));
        assertThat(read(write(sum))).isEqualTo(sum);
        assertThat(sum.explained().get().tweets()).isEqualTo(1);
        assertThat(sum.withoutExplained().explained()).isEqualTo(LazySample.NONE);
    }

    /** State of an earlier release. */
    @Test
    void anAggregateWithoutExplainedTweetsIsRead() {
        SentimentAggregate sum = of(0.9f, "v1");
        byte[] bytes = write(sum);
        byte[] earlier = Arrays.copyOf(bytes, bytes.length - Integer.BYTES);
        earlier[MARK] = 4;
        assertThat(read(earlier)).isEqualTo(sum);
    }

    private static ExplainedSample explained() {
        return ExplainedSample.of(
                "id-1",
                new Explanation(
                        new Score(0.9f, "v1"),
                        0,
                        0,
                        List.of(
                                new Explanation.Term("good", true, 1.5, 0),
                                new Explanation.Term("so", true, -0.5, 0))));
    }

    @Test
    void anAggregateOfANewerFormatIsNamed() {
        byte[] bytes = write(of(0.9f, "v1"));
        bytes[MARK] = 6;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(NewerFormatException.class)
                .hasMessageContaining("format 6");
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

    @Test
    void anAggregateOfAFormatThatWasNeverReleasedIsNone() {
        byte[] bytes = write(of(0.75f, "v1"));
        bytes[MARK] = 3;
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(SerializationException.class)
                .isNotInstanceOf(NewerFormatException.class);
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
        List<Long> counts = List.of(0L, 0L, 1L);
        List<Double> sums = List.of(0.1, 0.0, 0.9);
        Map<String, Long> versions = Map.of("v1", 1L);
        ClassHistograms one = ClassHistograms.of(new Score(0.9f, "v1"));
        ScoreHistogram margin = ScoreHistogram.of(0.8f);
        for (SentimentAggregate forged : List.of(
                new SentimentAggregate(
                        List.of(-5L, 0L, 10L),
                        sums,
                        Map.of(),
                        0,
                        0,
                        ClassHistograms.EMPTY,
                        ScoreHistogram.EMPTY,
                        LazySample.NONE),
                new SentimentAggregate(
                        List.of(Long.MAX_VALUE, 0L, 1L),
                        sums,
                        Map.of(),
                        0,
                        0,
                        ClassHistograms.EMPTY,
                        margin,
                        LazySample.NONE),
                new SentimentAggregate(
                        counts, List.of(0.1, 0.0, Double.NaN), versions, 0, 0, one, margin, LazySample.NONE),
                new SentimentAggregate(counts, List.of(0.1, 0.0, 2.0), versions, 0, 0, one, margin, LazySample.NONE),
                new SentimentAggregate(counts, sums, Map.of("v1", 2L), 0, 0, one, margin, LazySample.NONE),
                new SentimentAggregate(counts, sums, versions, 1, 2, one, margin, LazySample.NONE),
                new SentimentAggregate(counts, sums, versions, 0, 0, one.plus(one), margin, LazySample.NONE),
                new SentimentAggregate(counts, sums, versions, 0, 0, one, margin.plus(margin), LazySample.NONE),
                new SentimentAggregate(counts, sums, Map.of("v".repeat(129), 1L), 0, 0, one, margin, LazySample.NONE)))
            assertThatThrownBy(() -> read(write(forged))).isInstanceOf(SerializationException.class);
    }

    @Test
    void explainedTweetsThatDoNotFitTogetherAreNoneOfASum() {
        for (ExplainedSample forged :
                List.of(explained().plus(explained()), forged(Double.NaN, 1), forged(-1, 1), forged(1, 2)))
            assertThatThrownBy(() -> readSum(write(of(0.9f, "v1").with(forged))))
                    .isInstanceOf(SerializationException.class);
        byte[] bytes = write(of(0.9f, "v1").with(explained()));
        bytes[bytes.length - 1 - "id-1".length() - Short.BYTES] = 99; // number of examples
        assertThatThrownBy(() -> readSum(bytes)).isInstanceOf(SerializationException.class);
    }

    private static SentimentAggregate readSum(byte[] bytes) {
        return FeedSumSerdes.sum().deserializer().deserialize("topic", bytes);
    }

    private static ExplainedSample forged(double contribution, long tweets) {
        return new ExplainedSample(
                1,
                WordSums.NONE,
                new WordSums(Map.of("good", new WordSums.Sum(contribution, tweets))),
                explained().examples());
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
