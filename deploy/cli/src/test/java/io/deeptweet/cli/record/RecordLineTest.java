// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class RecordLineTest {
    @Test
    void aScoredTweetShowsItsStrongestWordsIfItHasAny() {
        assertThat(RecordLine.of(scored(List.of())))
                .isEqualTo("0.97 positive  election      @ada              a lovely day");
        assertThat(RecordLine.of(
                        scored(List.of(new StrongWord("lovely", 1.934f, 0f), new StrongWord("\u001b[2J", -0.5f, 0f)))))
                .isEqualTo(
                        "0.97 positive  election      @ada              a lovely day  [lovely +1.93, \uFFFD[2J -0.50]");
    }

    @Test
    void aNeutralTweetShowsWhatMakesItNeutral() {
        ScoredTweet tweet = ScoredTweet.newBuilder(scored(List.of(new StrongWord("raises", 0.5f, -1.25f))))
                .setSentiment(Sentiment.NEUTRAL)
                .setProbabilities(new Probabilities(0.1f, 0.75f, 0.15f))
                .build();
        assertThat(RecordLine.of(tweet)).startsWith("0.75 neutral ").endsWith("a lovely day  [raises -1.25]");
    }

    @Test
    void aWindowShowsTheSharesOfTheClasses() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        SentimentWindow window = new SentimentWindow(
                "election",
                noon,
                noon.plusSeconds(10),
                4L,
                1L,
                1L,
                2L,
                new Probabilities(0.25f, 0.25f, 0.5f),
                null,
                Map.of("v1", 4L),
                0L,
                false,
                null);
        assertThat(RecordLine.of(window))
                .contains("█▒", "▒░")
                .endsWith(" 50 % positive, 25 % neutral, 25 % negative, by v1");
    }

    /** No text of others may move the cursor. */
    @Test
    void aRejectedRecordShowsItsReasonAndItsBeginning() {
        RecordHeaders headers = new RecordHeaders();
        new Rejection("ingest", Reason.MALFORMED, "no JSON", "tweets.jsonl:61").writeTo(headers);
        byte[] value = ("\u001b[2J" + "x".repeat(300)).getBytes(StandardCharsets.UTF_8);
        assertThat(RecordLine.ofRejected(headers, value))
                .matches("ingest +malformed +tweets.jsonl:61 +no JSON  \\|  \uFFFD\\[2Jx{196}…");
        assertThat(RecordLine.ofRejected(new RecordHeaders(), new byte[0])).isEqualTo("without a reason  |  ");
    }

    private static ScoredTweet scored(List<StrongWord> words) {
        return new ScoredTweet(
                "1",
                "a lovely day",
                "election",
                "en",
                "ada",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.POSITIVE,
                new Probabilities(0.03f, 0f, 0.97f),
                "v1",
                words);
    }

    @Test
    void aDriftWindowShowsItsAlarms() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        DriftWindow window = new DriftWindow(
                "election",
                noon,
                noon.plusSeconds(3600),
                420L,
                0.1214,
                0.18,
                new ClassHistograms(List.of(), List.of(), List.of()),
                0.314,
                Map.of("v1", 420L),
                List.of("psi"));
        assertThat(RecordLine.of(window))
                .isEqualTo("election        1h from 2024-08-15T12:00:00Z    420 tweets"
                        + "  12.1 % of tokens unknown, 18.0 % uncertain, PSI 0.31, drifts by psi");
    }

    @Test
    void anAuditRecordShowsWhoDidWhatWithoutControlCharacters() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        assertThat(RecordLine.of(
                        "v1", new AuditRecord(noon, "rolled-back", "v1", "v2", "v1", "http", "ada", "no\u001b[2J")))
                .isEqualTo("2024-08-15T12:00:00Z  rolled-back v1  from v2  by ada (http): no\uFFFD[2J");
    }

    @Test
    void aPositionShowsFeedSourceAndPositionWithoutControlCharacters() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        assertThat(RecordLine.of("", new SourcePosition("election", "a\u001b[2J.jsonl", "17", "instance", noon)))
                .isEqualTo("2024-08-15T12:00:00Z  election      a\uFFFD[2J.jsonl  17");
    }

    @Test
    void aFeedShowsItsDefinitionWithoutControlCharacters() {
        Instant noon = Instant.parse("2024-08-15T12:00:00Z");
        assertThat(RecordLine.of(
                        "", new FeedDefinition("apple", "bluesky", "apple\u001b[2J", "en,und", true, false, noon)))
                .isEqualTo("2024-08-15T12:00:00Z  apple         paused  bluesky  en,und  apple\uFFFD[2J");
    }

    @Test
    void windowSizesArePrintedAsSettingsWriteThem() {
        assertThat(RecordLine.brief(Duration.ofSeconds(10))).isEqualTo("10s");
        assertThat(RecordLine.brief(Duration.ofMinutes(1))).isEqualTo("1m");
        assertThat(RecordLine.brief(Duration.ofHours(1))).isEqualTo("1h");
        assertThat(RecordLine.brief(Duration.ofDays(1))).isEqualTo("24h");
    }
}
