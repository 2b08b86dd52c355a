// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.client.IdempotentProducer;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes labels to {@code tweets.labeled}, idempotently and acknowledged by all in-sync replicas. Thread-safe. */
public final class LabelPublisher implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private final Producer<byte[], byte[]> producer;
    private final AvroSerializer<LabeledTweet> serializer;

    /** As the other constructor, with schema ids of its own. */
    public LabelPublisher(Map<String, Object> kafka, Duration maxBlock) {
        this(kafka, SchemaIds.ofRegistry(kafka), maxBlock);
    }

    /**
     * Registers the schema, so that a wrong registry address shows before the first label.
     *
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @param maxBlock how long {@link #publish} waits for the broker, or for space in the buffer, before it fails
     * @throws KafkaException if a setting is wrong or the registry does not answer
     */
    public LabelPublisher(Map<String, Object> kafka, SchemaIds ids, Duration maxBlock) {
        serializer = new AvroSerializer<>(ids);
        serializer.serialize( // for the schema's id alone
                Topics.LABELED.name(),
                new LabeledTweet("", "", null, Sentiment.NEGATIVE, Labeler.WEAK_RULE, "", Instant.EPOCH));
        Map<String, Object> settings = IdempotentProducer.settings(kafka);
        settings.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 10);
        settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, maxBlock.toMillis());
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Writes a label to {@code tweets.labeled}, keyed by its tweet's id.
     *
     * @return completes when the label is acknowledged; fails with Kafka's or the registry's exception
     */
    public CompletableFuture<Void> publish(LabeledTweet label) {
        try {
            return send(new ProducerRecord<>(
                    Topics.LABELED.name(),
                    label.getId().getBytes(StandardCharsets.UTF_8),
                    serializer.serialize(Topics.LABELED.name(), label)));
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Writes a record that is not a valid label to {@code tweets.rejected}, unchanged; as {@link #publish}. */
    public CompletableFuture<Void> reject(byte[] bytes, Rejection rejection) {
        RejectedCopy copy = RejectedCopy.of(null, bytes, new RecordHeaders(), rejection);
        return send(new ProducerRecord<>(
                Topics.REJECTED.name(),
                null,
                copy.key().orElse(null),
                copy.value().orElse(null),
                copy.headers()));
    }

    private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            Future<RecordMetadata> unused = producer.send(record, (metadata, failure) -> {
                if (failure == null) acknowledged.complete(null);
                else acknowledged.completeExceptionally(failure);
            });
        } catch (KafkaException | IllegalStateException e) { // the latter if the producer is closed
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    /** Waits until all that was sent is acknowledged or has failed, then disconnects. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
