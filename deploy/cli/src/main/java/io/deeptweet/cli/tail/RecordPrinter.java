// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.tail;

import io.deeptweet.cli.record.RecordLine;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertRule;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.Topics;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Records as lines.
 *
 * @param decoder reads the values of all topics but {@code tweets.rejected}
 * @param feed the feed whose records are wanted; empty for all
 * @param json JSON objects, or lines for people
 */
record RecordPrinter(Deserializer<? extends SpecificRecord> decoder, Optional<String> feed, boolean json) {
    /** The record as a line that is safe to print; empty if it is of another feed. */
    Optional<String> line(ConsumerRecord<String, byte[]> record) {
        if (record.topic().equals(Topics.REJECTED.name())) return rejected(record);
        SpecificRecord value;
        try {
            value = decoder.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return Optional.of("unreadable " + Rejection.origin(record.topic(), record.partition(), record.offset())
                    + ": " + UntrustedText.oneLine(e.getMessage()));
        }
        if (value == null)
            return Optional.of(
                    json
                            ? UntrustedText.json(RecordJson.ofDeleted(record))
                            : "deleted   " + UntrustedText.oneLine(record.key()));
        if (feed.isPresent() && !feed.equals(feedOf(value))) return Optional.empty();
        return Optional.of(
                json ? UntrustedText.json(RecordJson.of(record, value)) : RecordLine.of(record.key(), value));
    }

    /** Records that ingest rejected have their feed as key; others are of no feed. */
    private Optional<String> rejected(ConsumerRecord<String, byte[]> record) {
        if (feed.isPresent() && !feed.get().equals(record.key())) return Optional.empty();
        byte[] value = record.value() == null ? new byte[0] : record.value();
        return Optional.of(
                json
                        ? UntrustedText.json(RecordJson.ofRejected(record, value))
                        : RecordLine.ofRejected(record.headers(), value));
    }

    private static Optional<String> feedOf(SpecificRecord value) {
        if (value instanceof Tweet tweet) return Optional.of(tweet.getFeed());
        if (value instanceof ScoredTweet tweet) return Optional.of(tweet.getFeed());
        if (value instanceof SentimentWindow window) return Optional.of(window.getFeed());
        if (value instanceof DriftWindow window) return Optional.of(window.getFeed());
        if (value instanceof Alert alert) return alert.getFeed();
        if (value instanceof AlertRule rule) return rule.getFeed();
        if (value instanceof LabeledTweet label) return label.getFeed();
        if (value instanceof SourcePosition position) return Optional.of(position.getFeed());
        if (value instanceof FeedDefinition definition) return Optional.of(definition.getName());
        return Optional.empty();
    }
}
