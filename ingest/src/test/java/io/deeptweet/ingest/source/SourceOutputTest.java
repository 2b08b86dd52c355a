// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.source.SourceOutput.Recovery;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class SourceOutputTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration NEVER = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ParsedTweet TWEET = new ParsedTweet.Valid(
            new Tweet("1", "hello", "election", "en", null, Instant.EPOCH, Instant.EPOCH, TweetKind.POST));

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();
    private final FeedSink sink =
            new FeedSink(new Feed("election", LanguageFilter.of("en")), kafka.publisher(), new RecordingListener());

    @Test
    void aRecordIsCommittedAlthoughTheSourceWaitsForTheNext() {
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, SHORT)) {
            write(output, "1");
            await().atMost(PATIENCE).until(() -> sink.published() == 1);
            assertThat(kafka.position()).isEqualTo("1");
        }
    }

    @Test
    void aFullTransactionIsCommittedAtOnce() {
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, NEVER)) {
            for (int i = 1; i <= SourceOutput.MOST_RECORDS + 1; i++) write(output, "" + i);
            assertThat(sink.published()).isEqualTo(SourceOutput.MOST_RECORDS);
            assertThat(kafka.position()).isEqualTo("" + SourceOutput.MOST_RECORDS);
            output.finish();
            assertThat(kafka.position()).isEqualTo("" + (SourceOutput.MOST_RECORDS + 1));
        }
    }

    @Test
    void aFailedCommitWakesTheSource() {
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, SHORT)) {
            kafka.producer().commitTransactionException = new TimeoutException("no answer");
            write(output, "1");
            assertThatThrownBy(() -> Thread.sleep(PATIENCE.toMillis())).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(() -> write(output, "2")).hasMessage("no answer");
            assertThatThrownBy(output::finish).hasMessage("no answer");
            assertThat(sink.read()).isZero();
            assertThat(output.unresolved())
                    .hasValueSatisfying(commit -> assertThat(commit.position()).isEqualTo("1"));
        }
    }

    /** Not only Kafka's exceptions: the timer would end, and the source wait with nothing committed. */
    @Test
    void anyFailureOfACommitWakesTheSource() {
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, SHORT)) {
            output.write(TWEET, new byte[0], "a:1", () -> {
                throw new IllegalStateException("no position");
            });
            assertThatThrownBy(() -> Thread.sleep(PATIENCE.toMillis())).isInstanceOf(InterruptedException.class);
            assertThatThrownBy(output::finish).hasMessageContaining("no position");
        }
    }

    @Test
    void recordsThatASourceGivesOnceAreSentAgainAfterAFailure() {
        KafkaMock broken = KafkaMock.thatAcknowledges();
        broken.producer().commitTransactionException = new TimeoutException("no answer");
        List<String> failures = new ArrayList<>();
        Recovery recovery = failure -> {
            failures.add(failure.getMessage());
            return kafka.transactions();
        };
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), broken.transactions(), SourceMonitor.NONE, recovery, NEVER)) {
            write(output, "1");
            write(output, "2");
            output.finish();
        }
        assertThat(failures).containsExactly("no answer");
        assertThat(kafka.tweets()).hasSize(2);
        assertThat(kafka.position()).isEqualTo("2");
        assertThat(sink.published()).isEqualTo(2);
    }

    @Test
    void aTransactionIsLimitedByItsBytes() {
        try (SourceOutput output =
                new SourceOutput(SinkGroup.of(sink), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, NEVER)) {
            byte[] half = new byte[(int) (SourceOutput.MOST_BYTES / 2)];
            output.write(TWEET, half, "a:1", () -> "1");
            assertThat(sink.published()).isZero();
            output.write(TWEET, half, "a:2", () -> "2");
            assertThat(sink.published()).isEqualTo(2);
        }
    }

    private static void write(SourceOutput output, String position) {
        output.write(TWEET, new byte[0], "a:1", () -> position);
    }
}
