// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.SchemaIds;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends pushed tweets to Kafka with an idempotent producer; all in-sync replicas acknowledge. At most
 * {@value #MAX_IN_FLIGHT} records wait for their acknowledgement; further calls block until there is room. Thread-safe.
 */
public final class TweetPublisher implements AutoCloseable {
    static final int MAX_IN_FLIGHT = 10_000;
    /** How long a failure is reported, see {@link #currentFailure()}. */
    static final Duration FAILURE_LASTS = Duration.ofSeconds(30);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(20);

    private record Failure(String message, long nanoTime) {}

    private final Producer<byte[], byte[]> producer;
    private final TweetRecords records;
    private final LongSupplier nanoTime;
    private final Semaphore room = new Semaphore(MAX_IN_FLIGHT);
    private final AtomicReference<Optional<Failure>> lastFailure = new AtomicReference<>(Optional.empty());

    /**
     * Connects to the schema registry and fetches the id of the tweets' schema, so that a wrong address shows before
     * the first tweet. The producer connects to Kafka by itself.
     *
     * @param kafka settings of Kafka's producer and of the registry's client; those that idempotence needs are replaced
     * @throws KafkaException if a setting is wrong or the registry does not answer
     */
    public static TweetPublisher connect(Map<String, ?> kafka) {
        TweetRecords records = new TweetRecords(SchemaIds.ofRegistry(kafka)).connected();
        return new TweetPublisher(
                new KafkaProducer<>(
                        TweetRecords.producerSettings(kafka), new ByteArraySerializer(), new ByteArraySerializer()),
                records,
                System::nanoTime);
    }

    TweetPublisher(Producer<byte[], byte[]> producer, TweetRecords records, LongSupplier nanoTime) {
        this.producer = producer;
        this.records = records;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends a tweet to {@code tweets.raw}. Its key is the tweet's id, its timestamp the tweet's date.
     *
     * @return completes when the tweet is acknowledged; fails with a {@link KafkaException} if Kafka does not
     *     acknowledge it
     * @throws InterruptException if the thread is interrupted while it waits for room
     */
    public CompletableFuture<Void> publish(Tweet tweet) {
        return send(() -> records.tweet(tweet));
    }

    /**
     * Sends the deletion of a tweet to {@code tweets.deleted}. Otherwise as {@link #publish}.
     *
     * @param feed name of the feed whose request tells of it
     */
    public CompletableFuture<Void> delete(String id, String feed) {
        return send(() -> records.deletion(id, feed));
    }

    /**
     * Sends a record to {@code tweets.rejected}. Its key is the feed's name. A record that is too large for Kafka is
     * cut, and headers say so. Otherwise as {@link #publish}.
     *
     * @param bytes the record as it was received
     */
    public CompletableFuture<Void> reject(byte[] bytes, String feed, Rejection rejection) {
        return send(() -> TweetRecords.rejected(bytes, feed, rejection));
    }

    private CompletableFuture<Void> send(Supplier<ProducerRecord<byte[], byte[]>> made) {
        ProducerRecord<byte[], byte[]> record;
        try {
            record = made.get();
        } catch (KafkaException e) {
            failed(e);
            return CompletableFuture.failedFuture(e);
        }
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
