// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends to Kafka: idempotently, acknowledged by all in-sync replicas. Of what is not acknowledged yet only so much is
 * held in memory; who brings more, waits. Thread-safe.
 */
public final class TweetPublisher implements AutoCloseable {
    static final int IN_FLIGHT = 10_000;
    /** Bytes; with headers it stays below Kafka's default limit of 1 MB a record. */
    static final int LARGEST_REJECTED = 900_000;

    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(20);
    /** After which a fault is tried again rather than believed. */
    static final Duration FAULT_LASTS = Duration.ofSeconds(30);

    private record Fault(String message, long nanoTime) {}

    private final Producer<byte[], byte[]> producer;
    private final AvroSerializer<Tweet> serializer;
    private final Semaphore room = new Semaphore(IN_FLIGHT);
    private final AtomicReference<Optional<Fault>> fault = new AtomicReference<>(Optional.empty());
    private final LongSupplier nanoTime;

    /**
     * A publisher with Kafka's client settings; those that its promises rest on are set here. Asks the registry for the
     * schema's id now, so that a wrong address shows before the first tweet.
     *
     * @throws KafkaException if a setting is wrong or the registry does not answer
     */
    public static TweetPublisher connect(Map<String, ?> kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        settings.putAll(kafka);
        // One patience: while all brokers are away a record waits to be sent, for metadata, as long as one that was
        // sent.
        settings.putIfAbsent(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        AvroSerializer<Tweet> serializer = new AvroSerializer<>(SchemaIds.ofRegistry(kafka));
        serializer.serialize(
                Topics.RAW.name(), new Tweet("", "", "", null, null, Instant.EPOCH, Instant.EPOCH)); // for the id alone
        return new TweetPublisher(
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer()),
                serializer,
                System::nanoTime);
    }

    TweetPublisher(Producer<byte[], byte[]> producer, AvroSerializer<Tweet> serializer, LongSupplier nanoTime) {
        this.producer = producer;
        this.serializer = serializer;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends a tweet to {@code tweets.raw}, keyed by its id.
     *
     * @return done once it is acknowledged; fails with Kafka's exception, or the registry's, if it never will be
     * @throws InterruptException if the thread is interrupted while it waits for room
     */
    public CompletableFuture<Void> publish(Tweet tweet) {
        byte[] value;
        try {
            value = serializer.serialize(Topics.RAW.name(), tweet);
        } catch (KafkaException e) {
            failed(e);
            return CompletableFuture.failedFuture(e);
        }
        return send(new ProducerRecord<>(
                Topics.RAW.name(),
                null,
                tweet.getCreatedAt().toEpochMilli(),
                tweet.getId().getBytes(StandardCharsets.UTF_8),
                value));
    }

    /**
     * Sends a record that is no tweet to {@code tweets.rejected}, keyed by its feed; as {@link #publish}. What is too
     * large for Kafka is cut, and its rejection says so.
     */
    public CompletableFuture<Void> reject(byte[] bytes, String feed, Rejection rejection) {
        boolean fits = bytes.length <= LARGEST_REJECTED;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.REJECTED.name(),
                feed.getBytes(StandardCharsets.UTF_8),
                fits ? bytes : Arrays.copyOf(bytes, LARGEST_REJECTED));
        String detail = fits
                ? rejection.detail()
                : rejection.detail() + " (here are the first " + LARGEST_REJECTED + " of " + bytes.length + " bytes)";
        new Rejection(rejection.by(), rejection.reason(), detail, rejection.origin()).writeTo(record.headers());
        return send(record);
    }

    private CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            room.acquire();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        try {
            producer.send(record, (metadata, failure) -> {
                room.release();
                if (failure == null) {
                    fault.set(Optional.empty());
                    acknowledged.complete(null);
                } else {
                    failed(failure);
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (InterruptException e) { // stopping, which is no fault
            room.release();
            throw e;
        } catch (KafkaException | IllegalStateException e) { // such as a closed producer; the callback was not called
            room.release();
            failed(e);
            acknowledged.completeExceptionally(e);
        }
        return acknowledged;
    }

    private void failed(Exception e) {
        fault.set(Optional.of(new Fault(String.valueOf(e.getMessage()), nanoTime.getAsLong())));
    }

    /** Waits until all that was sent so far is acknowledged or failed. */
    public void flush() {
        producer.flush();
    }

    /**
     * Why the last record was not acknowledged; empty if it was, or if that is half a minute ago. For who is sent no
     * tweets while there is a fault would never learn that it is over.
     */
    public Optional<String> fault() {
        return fault.get()
                .filter(last -> nanoTime.getAsLong() - last.nanoTime() < FAULT_LASTS.toNanos())
                .map(Fault::message);
    }

    /** Waits until all that was sent is acknowledged or failed, then disconnects. */
    @Override
    public void close() {
        producer.close(PATIENCE_AT_CLOSE);
    }
}
