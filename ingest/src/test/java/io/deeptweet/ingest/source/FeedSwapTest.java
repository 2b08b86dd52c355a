// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

/** Feeds come and go while their source writes. */
class FeedSwapTest {
    private static final int RECORDS = 10_000;
    private static final Duration SHORT = Duration.ofMillis(5);

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();

    /** One feed stays throughout, another comes and goes, and a third takes its place. */
    @Test
    void noRecordIsLostOrRepeatedWhileFeedsComeAndGo() {
        FeedSink staying = sink("a");
        List<FeedSink> all = new ArrayList<>(List.of(staying));
        AtomicInteger swaps = new AtomicInteger();
        try (SourceOutput output = output(List.of(staying))) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < RECORDS; i++) write(output, i);
            });
            Random random = new Random(7);
            while (!writing.isDone()) {
                List<FeedSink> next = new ArrayList<>(List.of(staying));
                for (String name : List.of("b", "c")) if (random.nextBoolean()) next.add(sink(name));
                all.addAll(next.subList(1, next.size()));
                output.replace(new SinkGroup("live", next));
                swaps.incrementAndGet();
            }
            writing.join();
            output.finish();
        }
        assertThat(swaps.get()).isGreaterThan(10);
        assertThat(kafka.position()).isEqualTo("" + (RECORDS - 1));
        assertThat(staying.read()).isEqualTo(RECORDS);
        assertThat(staying.published() + staying.rejected()).isEqualTo(RECORDS);
        assertThat(kafka.rejected()).as("rejected once, by the first feed").hasSize(RECORDS / 10);
        var published = kafka.tweets().stream()
                .map(tweet -> tweet.getFeed() + "/" + tweet.getId())
                .collect(groupingBy(identity(), counting()));
        assertThat(published.values()).as("published once").containsOnly(1L);
        assertThat(published.keySet()).filteredOn(key -> key.startsWith("a/")).hasSize(RECORDS - RECORDS / 10);
        assertThat(kafka.tweets()).as("counted once").hasSize((int)
                all.stream().mapToLong(FeedSink::published).sum());
    }

    @Test
    void aReplacedFeedGetsWhatCameBeforeAndTheNextOneWhatComesAfter() {
        FeedSink before = sink("a");
        FeedSink after = sink("b");
        try (SourceOutput output = output(List.of(before))) {
            write(output, 1);
            output.replace(new SinkGroup("live", List.of(after)));
            assertThat(kafka.position()).isEqualTo("1");
            assertThat(before.published()).isEqualTo(1);
            write(output, 2);
            output.finish();
        }
        assertThat(before.read()).isEqualTo(1);
        assertThat(after.published()).isEqualTo(1);
        assertThat(kafka.tweets()).extracting(Tweet::getFeed).containsExactly("a", "b");
    }

    /** So that a feed that resumes gets it, where the server still has it. */
    @Test
    void withoutAFeedNothingIsPublishedAndThePositionStays() {
        FeedSink sink = sink("a");
        try (SourceOutput output = output(List.of(sink))) {
            write(output, 1);
            output.replace(new SinkGroup("live", List.of()));
            write(output, 2);
            write(output, 10);
            output.finish();
        }
        assertThat(kafka.tweets()).hasSize(1);
        assertThat(kafka.position()).isEqualTo("1");
        assertThat(kafka.rejected()).isEmpty();
        assertThat(sink.read()).isEqualTo(1);
    }

    /** The source reads the records again, for the feeds that it has then. */
    @Test
    void aCommitThatFailsAtAChangeCountsForTheFeedsThatItWasFor() {
        FeedSink before = sink("a");
        FeedSink after = sink("b");
        try (SourceOutput output = output(List.of(before, sink("c")))) {
            kafka.producer().commitTransactionException = new TimeoutException("no answer");
            write(output, 1);
            output.replace(new SinkGroup("live", List.of(after)));
            assertThat(Thread.interrupted()).as("the source is told").isTrue();
            assertThat(output.failure()).isPresent();
            output.unresolved().orElseThrow().count();
        }
        assertThat(before.published()).isEqualTo(1);
        assertThat(after.read()).isZero();
    }

    private SourceOutput output(List<FeedSink> sinks) {
        return new SourceOutput(
                new SinkGroup("live", sinks), kafka.transactions(), SourceMonitor.NONE, Recovery.NONE, SHORT);
    }

    private FeedSink sink(String name) {
        return new FeedSink(new Feed(name, LanguageFilter.of("*")), kafka.publisher(), new RecordingListener());
    }

    /** Every tenth record is invalid. */
    private static void write(SourceOutput output, int number) {
        ParsedTweet parsed = number % 10 == 0
                ? new ParsedTweet.Invalid(Reason.NO_ID, "no id")
                : new ParsedTweet.Valid(new Tweet(
                        "" + number, "hello", "live", "en", null, Instant.EPOCH, Instant.EPOCH, TweetKind.POST));
        output.write(parsed, new byte[0], "live:" + number, () -> "" + number);
    }
}
