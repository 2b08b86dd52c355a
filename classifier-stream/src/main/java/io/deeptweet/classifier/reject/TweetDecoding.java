// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.reject;

import io.deeptweet.classifier.score.PrescoringInterceptor.PrecomputedScore;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Reads tweets from bytes, and moves each record to the event time of its tweet: when it was written. One that says it
 * was written in the future counts as written now, or a single wrong clock would make all other tweets late.
 *
 * <p>A step of the topology rather than a deserialization exception handler, so that what cannot be read is written to
 * {@code tweets.rejected} in the transaction that consumes it: exactly once. A registry that does not answer is not the
 * record's fault; its exception passes through, and the record is tried again.
 */
public final class TweetDecoding extends ContextualProcessor<byte[], byte[], byte[], Decoded> {
    /** Told of each record that is no tweet. */
    public interface Observer {
        void rejected(Rejection rejection);
    }

    private static final int LONGEST_DETAIL = 500;

    private final AvroDeserializer<Tweet> deserializer;
    private final Clock clock;
    private final Observer observer;

    public TweetDecoding(AvroDeserializer<Tweet> deserializer, Clock clock, Observer observer) {
        this.deserializer = deserializer;
        this.clock = clock;
        this.observer = observer;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        if (record.value() == null) {
            reject(record, Reason.UNDECODABLE, "a record without a value");
            return;
        }
        Optional<PrecomputedScore> ahead = PrecomputedScore.takeFrom(record.headers());
        Tweet tweet;
        try {
            tweet = ahead.isPresent()
                    ? ahead.get().tweet()
                    : deserializer.deserialize(Topics.RAW.name(), record.value());
        } catch (SerializationException e) {
            reject(record, Reason.UNDECODABLE, e.getMessage());
            return;
        }
        long created = tweet.getCreatedAt().toEpochMilli(); // never overflows: Avro's value is this very number
        if (tweet.getId().isBlank()) reject(record, Reason.NO_ID, "the tweet's id is blank");
        else if (!keyIs(record.key(), tweet.getId()))
            reject(record, Reason.INVALID_FIELD, "the key is not the tweet's id, " + tweet.getId());
        else if (created < 0)
            reject(record, Reason.INVALID_FIELD, "createdAt is " + tweet.getCreatedAt() + ", before 1970");
        else
            context()
                    .forward(record.<Decoded>withValue(new Decoded.Readable(tweet, record.timestamp(), ahead))
                            .withTimestamp(Math.min(created, clock.millis())));
    }

    /** Under another key, or none, a tweet and its later versions would stand in different partitions. */
    private static boolean keyIs(byte[] key, String id) {
        return Arrays.equals(key, id.getBytes(StandardCharsets.UTF_8));
    }

    private void reject(Record<byte[], byte[]> record, Reason reason, String detail) {
        String shortened = detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "…";
        Rejection rejection = new Rejection("classifier", reason, shortened, origin());
        Headers headers = new RecordHeaders(record.headers());
        rejection.writeTo(headers);
        context()
                .forward(record.<Decoded>withValue(new Decoded.Unreadable(record.value()))
                        .withHeaders(headers));
        observer.rejected(rejection);
    }

    /** Where the record stands: {@code tweets.raw-3@17}. */
    private String origin() {
        return context()
                .recordMetadata()
                .map(metadata -> metadata.topic() + "-" + metadata.partition() + "@" + metadata.offset())
                .orElse("nowhere");
    }
}
