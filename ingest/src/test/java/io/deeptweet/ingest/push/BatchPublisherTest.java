// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.shape.JsonFormat;
import io.deeptweet.ingest.shape.RecordParser;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BatchPublisherTest {
    private final KafkaMock kafka = KafkaMock.thatWaits();
    private final FeedSink sink =
            new FeedSink(new Feed("push", LanguageFilter.of("en")), kafka.publisher(), new RecordingListener());
    private final BatchPublisher publisher = new BatchPublisher(
            sink,
            new RecordParser(new JsonFormat(), new TweetParser("push", LanguageDetector.NONE, Clock.systemUTC())),
            "POST /tweets");

    @Test
    void theResultFollowsWhenAllRecordsAreAcknowledged() {
        CompletableFuture<BatchResult> result =
                publisher.publish(publisher.parse(records(tweet(1, "en"), "{\"id\": 2}", tweet(3, "de"))), () -> false);
        kafka.producer().completeNext();
        assertThat(result).isNotDone();
        kafka.producer().completeNext();
        assertThat(result)
                .isCompletedWithValue(new BatchResult(
                        1,
                        1,
                        0,
                        new TreeMap<>(Map.of(1, new ParsedTweet.Invalid(Reason.NO_TEXT, "the tweet has no text"))),
                        new TreeMap<>(Map.of("x-api-v2", 2L, "unknown", 1L))));
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record -> assertThat(Rejection.readFrom(record.headers())
                                .orElseThrow()
                                .origin())
                        .isEqualTo("POST /tweets#1"));
    }

    @Test
    void aCancelledBatchPublishesNoMoreRecords() {
        AtomicInteger asked = new AtomicInteger();
        var unused = publisher.publish(
                publisher.parse(records(tweet(1, "en"), tweet(2, "en"), tweet(3, "en"))),
                () -> asked.incrementAndGet() > 2);
        assertThat(kafka.tweets()).extracting(Tweet::getId).containsExactly("1", "2");
    }

    /** Each of the following records would block as long, and fail too. */
    @Test
    void aRecordThatFailsAtOnceEndsTheBatch() {
        kafka.publisher().close();
        assertThat(publisher.publish(publisher.parse(records(tweet(1, "en"), tweet(2, "en"))), () -> false))
                .isCompletedExceptionally();
        assertThat(sink.read()).isEqualTo(1);
    }

    @Test
    void aBatchThatCannotBeDividedIsOneRejectedRecord() {
        byte[] batch = {'[', (byte) 0xff};
        CompletableFuture<BatchResult> result = publisher.reject(batch, "not UTF-8");
        kafka.producer().completeNext();
        assertThat(result)
                .isCompletedWithValue(new BatchResult(
                        0,
                        0,
                        0,
                        new TreeMap<>(Map.of(0, new ParsedTweet.Invalid(Reason.MALFORMED, "not UTF-8"))),
                        new TreeMap<>(Map.of("unknown", 1L))));
        assertThat(kafka.rejected())
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(batch));
    }

    private static List<byte[]> records(String... records) {
        return Stream.of(records)
                .map(record -> record.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String tweet(int id, String language) {
        return "{\"id\": " + id + ", \"text\": \"hello\", \"lang\": \"" + language + "\"}";
    }
}
