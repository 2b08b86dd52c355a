// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.decode;

import io.deeptweet.classifier.decode.DecodingResult.DecodedTweet;
import io.deeptweet.classifier.decode.DecodingResult.InvalidRecord;
import io.deeptweet.classifier.prescore.PreparedTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Decodes tweets, checks them, and sets each record's timestamp to its event time: when the tweet was written. A tweet
 * with a time in the near future counts as written now; otherwise one wrong clock would make all other tweets late.
 *
 * <p>This is a step of the topology and not a deserialization exception handler, so that an invalid record is written
 * to {@code tweets.rejected} exactly once, in the transaction that consumes it. A registry that does not answer is not
 * the record's fault: the exception passes through, and the record is retried.
 */
public final class DecodingProcessor extends ContextualProcessor<byte[], byte[], byte[], DecodingResult> {
    /** Is notified of each invalid record. */
    public interface Observer {
        void rejected(Rejection rejection);
    }

    private final AvroDeserializer<Tweet> deserializer;
    private final Clock clock;
    private final Observer observer;

    public DecodingProcessor(AvroDeserializer<Tweet> deserializer, Clock clock, Observer observer) {
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
        Optional<PreparedTweet> prepared = PreparedTweet.takeFrom(record.headers());
        Tweet tweet;
        try {
            tweet = prepared.isPresent()
                    ? prepared.get().tweet()
                    : deserializer.deserialize(Topics.RAW.name(), record.value());
        } catch (SerializationException e) {
            reject(record, Reason.UNDECODABLE, e.getMessage());
            return;
        }
        Optional<TweetLimits.Fault> fault = TweetLimits.fault(tweet, clock.instant());
        long created = tweet.getCreatedAt().toEpochMilli(); // cannot overflow: Avro stores milliseconds in a long
        if (fault.isPresent()) reject(record, fault.get().reason(), fault.get().detail());
        else if (!isKey(record.key(), tweet.getId()))
            reject(record, Reason.INVALID_FIELD, "the key is not the tweet's id, " + tweet.getId());
        else if (size(record.headers()) > TweetLimits.LARGEST_HEADERS)
            reject(record, Reason.TOO_LARGE, "the headers have more than " + TweetLimits.LARGEST_HEADERS + " bytes");
        else
            context()
                    .forward(record.<DecodingResult>withValue(
                                    new DecodedTweet(tweet, record.timestamp(), prepared, record.value()))
                            .withTimestamp(Math.min(created, clock.millis())));
    }

    private static long size(Headers headers) {
        long size = 0;
        for (Header header : headers) size += RejectedCopy.size(header);
        return size;
    }

    /** Under another key, or none, a tweet and its later versions could be in different partitions. */
    private static boolean isKey(byte[] key, String id) {
        return Arrays.equals(key, id.getBytes(StandardCharsets.UTF_8));
    }

    private void reject(Record<byte[], byte[]> record, Reason reason, String detail) {
        Rejection rejection = new Rejection("classifier", reason, detail, origin(context()));
        RejectedCopy copy = RejectedCopy.of(record.key(), record.value(), record.headers(), rejection);
        context()
                .forward(new Record<byte[], DecodingResult>(
                        copy.key().orElse(null),
                        new InvalidRecord(copy.value().orElse(null)),
                        record.timestamp(),
                        copy.headers()));
        observer.rejected(rejection);
    }

    /** The origin of the record that a processor has received, such as {@code tweets.raw-3@17}. */
    public static String origin(ProcessingContext context) {
        return context.recordMetadata()
                .map(record -> Rejection.origin(record.topic(), record.partition(), record.offset()))
                .orElse("nowhere");
    }
}
