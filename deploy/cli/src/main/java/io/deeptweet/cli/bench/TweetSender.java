// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.bench;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes tweets to {@code tweets.raw}: a backlog at once, or live ones at a steady rate. */
final class TweetSender {
    /** The dates of a backlog's tweets are so close to each other, as if all of X had come in. */
    private static final int BACKLOG_PER_SECOND = 6_000;

    private static final long MILLISECOND = 1_000_000;

    private final Map<String, Object> client;
    private final BenchTweets tweets;
    private final AvroSerializer<Tweet> serializer;

    TweetSender(Map<String, Object> client, BenchTweets tweets) {
        this.client = client;
        this.tweets = tweets;
        this.serializer = new AvroSerializer<>(SchemaIds.ofRegistry(client));
    }

    /** Something to wait for. */
    interface Waiting {
        void await() throws InterruptedException;
    }

    /**
     * Writes a backlog in one transaction. Classifiers, which read what is committed, see none of it before all is
     * written and {@code ready} returns.
     *
     * @param first number of the first tweet
     */
    void sendBacklog(int first, int count, Waiting ready) throws InterruptedException {
        Map<String, Object> transaction = Map.of("transactional.id", "bench-load", "transaction.timeout.ms", 900_000);
        try (KafkaProducer<byte[], byte[]> producer = producer(transaction)) {
            producer.initTransactions();
            producer.beginTransaction();
            Instant now = Instant.now();
            for (int i = 0; i < count; i++) {
                Instant createdAt = now.minusMillis((count - i) * 1000L / BACKLOG_PER_SECOND);
                var unused = producer.send(record(first + i, createdAt)); // the commit fails if one has failed
            }
            producer.flush();
            ready.await();
            producer.commitTransaction();
        }
    }

    /**
     * Writes tweets at a steady rate, however slowly they are scored. Returns when all are acknowledged.
     *
     * @param first number of the first tweet
     * @param rate tweets per second
     * @param appended gets for each tweet when it was appended, ms, or −1 if it was not; its length is their number
     */
    void sendLive(int first, int rate, long[] appended) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            long start = System.nanoTime();
            for (int i = 0; i < appended.length; ) {
                long due = Math.min(appended.length, (System.nanoTime() - start) * rate / 1_000_000_000L + 1);
                for (; i < due; i++) {
                    int index = i;
                    var unused = producer.send(
                            record(first + i, Instant.now()),
                            (metadata, failure) -> appended[index] = failure == null ? metadata.timestamp() : -1);
                }
                LockSupport.parkNanos(MILLISECOND);
            }
            producer.flush();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.putAll(Map.of("linger.ms", 5, "batch.size", 128 * 1024, "acks", "all"));
        settings.putAll(more);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private ProducerRecord<byte[], byte[]> record(int number, Instant createdAt) {
        Tweet tweet = tweets.tweet(number, createdAt);
        return new ProducerRecord<>(
                Topics.RAW.name(),
                tweet.getId().getBytes(StandardCharsets.UTF_8),
                serializer.serialize(Topics.RAW.name(), tweet));
    }
}
