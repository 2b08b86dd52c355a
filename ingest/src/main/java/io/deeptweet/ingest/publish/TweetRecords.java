// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.client.IdempotentProducer;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Makes the records of the topics of tweets. Thread-safe. */
final class TweetRecords {
    private final AvroSerializer<Tweet> serializer;
    private final AvroSerializer<LabeledTweet> labels;
    private final AvroSerializer<DeletedTweet> deletions;

    TweetRecords(SchemaIds ids) {
        serializer = new AvroSerializer<>(ids);
        labels = new AvroSerializer<>(ids);
        deletions = new AvroSerializer<>(ids);
    }

    /** Fetches the id of the tweets' schema, so that a wrong address of the registry shows before the first tweet. */
    TweetRecords connected() {
        serializer.serialize(
                Topics.RAW.name(), new Tweet("", "", "", null, null, Instant.EPOCH, Instant.EPOCH, TweetKind.POST));
        return this;
    }

    /** Settings of a producer: ours unless {@code kafka} has others, and those that must not be others. */
    static Map<String, Object> producerSettings(Map<String, ?> kafka) {
        Map<String, Object> settings = IdempotentProducer.settings(kafka);
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 10);
        settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        // While no broker can be reached, a record waits for metadata as long as a sent record waits for its
        // acknowledgement.
        settings.putIfAbsent(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        return settings;
    }

    /**
     * A tweet, with its id as key and its date as timestamp.
     *
     * @throws KafkaException if the registry refuses its schema
     */
    ProducerRecord<byte[], byte[]> tweet(Tweet tweet) {
        return new ProducerRecord<>(
                Topics.RAW.name(),
                null,
                tweet.getCreatedAt().toEpochMilli(),
                tweet.getId().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(Topics.RAW.name(), tweet));
    }

    /**
     * A label, with its tweet's id as key.
     *
     * @throws KafkaException if the registry refuses its schema
     */
    ProducerRecord<byte[], byte[]> label(LabeledTweet label) {
        return new ProducerRecord<>(
                Topics.LABELED.name(),
                label.getId().getBytes(StandardCharsets.UTF_8),
                labels.serialize(Topics.LABELED.name(), label));
    }

    /**
     * A deletion, with its tweet's id as key.
     *
     * @param source name of the source that tells of it
     * @throws KafkaException if the registry refuses its schema
     */
    ProducerRecord<byte[], byte[]> deletion(String id, String source) {
        DeletedTweet deletion =
                new DeletedTweet(id, source, Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS));
        return new ProducerRecord<>(
                Topics.DELETED.name(),
                id.getBytes(StandardCharsets.UTF_8),
                deletions.serialize(Topics.DELETED.name(), deletion));
    }

    /**
     * A rejected record, with the feed's name as key, within the limits of {@link RejectedCopy}.
     *
     * @param bytes the record as it was received
     */
    static ProducerRecord<byte[], byte[]> rejected(byte[] bytes, String feed, Rejection rejection) {
        RejectedCopy copy =
                RejectedCopy.of(feed.getBytes(StandardCharsets.UTF_8), bytes, new RecordHeaders(), rejection);
        return new ProducerRecord<>(
                Topics.REJECTED.name(),
                null,
                copy.key().orElse(null),
                copy.value().orElse(null),
                copy.headers());
    }
}
