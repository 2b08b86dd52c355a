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
 * Sends to Kafka with an idempotent producer; all in-sync replicas acknowledge. At most {@value #MAX_IN_FLIGHT} records
 * wait for their acknowledgement; further calls block until there is room. Thread-safe.
 */
public final class TweetPublisher implements AutoCloseable {
    static final int MAX_IN_FLIGHT = 10_000;
    /** Bytes of a rejected record; with its headers it stays below Kafka's default limit of 1 MB. */
    static final int LARGEST_REJECTED = 900_000;
    /** How long a failure is reported, see {@link #currentFailure()}. */
    static final Duration FAILURE_LASTS = Duration.ofSeconds(30);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private record Failure(String message, long nanoTime) {}

    private final Producer<byte[], byte[]> producer;
    private final AvroSerializer<Tweet> serializer;
    private final LongSupplier nanoTime;
    private final Semaphore room = new Semaphore(MAX_IN_FLIGHT);
    private final AtomicReference<Optional<Failure>> lastFailure = new AtomicReference<>(Optional.empty());

    /**
     * Connects to the schema registry and fetches the id of the tweets' schema, so that a wrong address shows before
     * the first tweet. The producer connects to Kafka by itself.
     *
     * @param kafka settings of Kafka's producer and of the registry's client; {@code acks} and
     *     {@code enable.idempotence} are replaced
     * @throws KafkaException if a setting is wrong or the registry does not answer
     */
    public static TweetPublisher connect(Map<String, ?> kafka) {
        AvroSerializer<Tweet> serializer = new AvroSerializer<>(SchemaIds.ofRegistry(kafka));
        serializer.serialize(Topics.RAW.name(), new Tweet("", "", "", null, null, Instant.EPOCH, Instant.EPOCH));
        return new TweetPublisher(
                new KafkaProducer<>(producerSettings(kafka), new ByteArraySerializer(), new ByteArraySerializer()),
                serializer,
                System::nanoTime);
    }

    TweetPublisher(Producer<byte[], byte[]> producer, AvroSerializer<Tweet> serializer, LongSupplier nanoTime) {
        this.producer = producer;
        this.serializer = serializer;
        this.nanoTime = nanoTime;
    }

    private static Map<String, Object> producerSettings(Map<String, ?> kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 10);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        settings.putAll(kafka);
        // While no broker can be reached, a record waits for metadata as long as a sent record waits for its
        // acknowledgement.
        settings.putIfAbsent(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        return settings;
    }

    /**
     * Sends a tweet to {@code tweets.raw}. Its key is the tweet's id, its timestamp the tweet's date.
     *
     * @return completes when the tweet is acknowledged; fails with a {@link KafkaException} if Kafka does not
     *     acknowledge it
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
     * Sends a record to {@code tweets.rejected}. Its key is the feed's name. A record that is too large for Kafka is
     * cut, and the rejection's detail says so. Otherwise as {@link #publish}.
     *
     * @param bytes the record as it was received
     */
    public CompletableFuture<Void> reject(byte[] bytes, String feed, Rejection rejection) {
        boolean fits = bytes.length <= LARGEST_REJECTED;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.REJECTED.name(),
                feed.getBytes(StandardCharsets.UTF_8),
                fits ? bytes : Arrays.copyOf(bytes, LARGEST_REJECTED));
        String detail = fits
                ? rejection.detail()
                : "cut to the first " + LARGEST_REJECTED + " of " + bytes.length + " bytes: " + rejection.detail();
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
            var unused = producer.send(record, (metadata, failure) -> {
                room.release();
                if (failure == null) {
                    lastFailure.set(Optional.empty());
                    acknowledged.complete(null);
                } else {
                    failed(failure);
                    acknowledged.completeExceptionally(failure);
                }
            });
        } catch (InterruptException e) { // the service is stopping, which is not a failure
            room.release();
            throw e;
        } catch (KafkaException | IllegalStateException e) { // thrown by a closed producer, without a callback
            room.release();
            failed(e);
            acknowledged.completeExceptionally(e instanceof KafkaException ? e : new KafkaException(e.getMessage(), e));
        }
        return acknowledged;
    }

    private void failed(Exception e) {
        lastFailure.set(Optional.of(new Failure(String.valueOf(e.getMessage()), nanoTime.getAsLong())));
    }

    /** Waits until everything sent so far is acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    /**
     * Why the last record was not acknowledged. Empty if it was acknowledged, or if its failure is half a minute old:
     * readiness depends on this, and a service that is not ready gets no tweets that would show that Kafka is back.
     */
    public Optional<String> currentFailure() {
        return lastFailure
                .get()
                .filter(failure -> nanoTime.getAsLong() - failure.nanoTime() < FAILURE_LASTS.toNanos())
                .map(Failure::message);
    }

    /** Waits until everything sent is acknowledged or has failed, at most 20 s, then disconnects. */
    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
    }
}
