// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class FeedTotalsTest {
    private static final FeedProgress PROGRESS =
            new FeedProgress(false, "", "", 5, 2, 1, 1, 1, "", OptionalDouble.empty());

    private final FeedTotals totals = new FeedTotals("mine");

    @Test
    void aFeedIsCompleteWhenAllThatWasPublishedIsScoredAndCountedInEverySize() {
        assertThat(totals.isComplete(PROGRESS, 0)).isFalse();
        totals.add(scored("mine", "1"));
        totals.add(scored("mine", "2"));
        totals.addRejected("mine", Optional.of(new Rejection("ingest", Reason.NO_ID, "", "f:1")));
        assertThat(totals.isComplete(PROGRESS, 0)).as("no window yet").isFalse();
        totals.add("a", window("mine", 10, 2));
        assertThat(totals.isComplete(PROGRESS, 0)).isTrue();
        totals.add("b", window("mine", 60, 1));
        assertThat(totals.isComplete(PROGRESS, 0)).as("one size lacks a tweet").isFalse();
        totals.add("b", window("mine", 60, 2));
        assertThat(totals.isComplete(PROGRESS, 0)).isTrue();
    }

    @Test
    void aDuplicateNeedNotBeScored() {
        totals.add(scored("mine", "1"));
        totals.addRejected("mine", Optional.empty());
        totals.add("a", window("mine", 10, 1));
        assertThat(totals.isComplete(PROGRESS, 0)).isFalse();
        assertThat(totals.isComplete(PROGRESS, 1)).isTrue();
        StringWriter out = new StringWriter();
        totals.print(new PrintWriter(out, true), PROGRESS, 1);
        assertThat(out.toString()).contains("duplicates  1, neither scored nor counted\n");
    }

    @Test
    void onlyWhatAWindowGrowsByIsCounted() {
        totals.add(scored("mine", "1"));
        totals.add(scored("mine", "2"));
        totals.addRejected("mine", Optional.empty());
        totals.addEarlier("a", window("mine", 10, 5));
        totals.add("a", window("mine", 10, 7));
        assertThat(totals.isComplete(PROGRESS, 0)).isTrue();
    }

    @Test
    void otherFeedsAreNotCounted() {
        totals.add(scored("other", "1"));
        totals.add("a", window("other", 10, 1));
        totals.addRejected("other", Optional.empty());
        totals.addRejected(null, Optional.empty());
        assertThat(totals.isComplete(new FeedProgress(false, "", "", 0, 0, 0, 0, 0, "", OptionalDouble.empty()), 0))
                .isTrue();
    }

    @Test
    void theTotalsSayWhetherATweetWasScoredTwice() {
        totals.add(scored("mine", "1"));
        totals.add(scored("mine", "1"));
        totals.add("a", window("mine", 10, 2));
        totals.addRejected("mine", Optional.of(new Rejection("ingest", Reason.NO_ID, "", "f:1")));
        StringWriter out = new StringWriter();
        totals.print(new PrintWriter(out, true), PROGRESS, 0);
        assertThat(out.toString())
                .contains("read        5\n", "published   2\n", "filtered    1 by language or rule\n")
                .contains("skipped     1, no tweets\n")
                .contains("rejected    1 {no-id=1}\n")
                .contains("scored      2, each id once: no, 1 ids; 2 positive, 0 neutral, 0 negative; by {v1=2}\n")
                .contains("windows 10s 2 tweets counted\n");
    }

    private static ScoredTweet scored(String feed, String id) {
        return new ScoredTweet(
                id,
                "text",
                feed,
                "en",
                "ada",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.POSITIVE,
                new Probabilities(0.1f, 0f, 0.9f),
                "v1",
                List.of());
    }

    private static SentimentWindow window(String feed, int seconds, long count) {
        Instant end = Instant.EPOCH.plusSeconds(seconds);
        return new SentimentWindow(
                feed,
                Instant.EPOCH,
                end,
                count,
                0L,
                0L,
                count,
                new Probabilities(0f, 0f, 1f),
                null,
                Map.of("v1", count),
                0L,
                false,
                null);
    }
}
