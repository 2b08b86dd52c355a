// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/** Reads and writes {@code tweets.feeds}. All instances of ingest read its changes, each on a thread. */
public final class FeedTopic implements FeedChanges, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(FeedTopic.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int ACKNOWLEDGED_WITHIN_MS = 10_000;
    private static final int ANSWERED_WITHIN_MS = 5_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private final AvroSerializer<FeedDefinition> serializer;
    private final AvroDeserializer<FeedDefinition> deserializer;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Optional<Consumer<?, ?>> following = Optional.empty();
    /** Offset of the first record that has not been read; guarded by this object. */
    private long next;

    /** @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security */
    public FeedTopic(Map<String, Object> kafka) {
        this.kafka = Map.copyOf(kafka);
        SchemaIds ids = SchemaIds.ofRegistry(kafka);
        this.serializer = new AvroSerializer<>(ids);
        this.deserializer = new AvroDeserializer<>(FeedDefinition.class, ids);
    }

    /**
     * Passes on every change that the topic holds now.
     *
     * @throws KafkaException if Kafka does not answer or refuses; it may be tried again
     */
    public void readAll(java.util.function.Consumer<FeedChange> each) {
        CommittedReader.readAll(kafka, Topics.FEEDS, record -> read(record, each));
    }

    /** Passes on every further change, on a thread of its own, until this is closed. */
    public void follow(java.util.function.Consumer<FeedChange> each) {
        Thread thread = new Thread(() -> run(each), "feeds");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(java.util.function.Consumer<FeedChange> each) {
        Backoff backoff = new Backoff();
        while (isOpen()) {
            try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka)) {
                following = Optional.of(consumer);
                List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.FEEDS);
                consumer.assign(partitions);
                partitions.forEach(partition -> consumer.seek(partition, next()));
                while (isOpen()) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) read(record, each);
                    backoff.succeeded();
                }
            } catch (WakeupException e) {
                return; // it is closed
            } catch (RuntimeException e) { // of Kafka, or a defect: without this thread, no change would be applied
                Backoff.Advice advice = backoff.failed(String.valueOf(e.getMessage()));
                if (advice.isNew())
                    LOG.warnf(
                            "changes of feeds are not read, and are tried again in %d s: %s",
                            advice.pause().toSeconds(), UntrustedText.oneLine(e.toString()));
                awaitClosing(advice.pause());
            }
        }
    }

    private boolean isOpen() {
        return closing.getCount() > 0;
    }

    private void awaitClosing(Duration pause) {
        try {
            var unused = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // nobody interrupts this thread
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record, java.util.function.Consumer<FeedChange> each) {
        if (record.key() != null) {
            FeedChange change = change(record);
            try {
                each.accept(change);
            } catch (RuntimeException e) { // a defect, which must not stop the changes of other feeds
                LOG.errorf(e, "the change of the feed %s failed", UntrustedText.quoted(change.name()));
            }
        }
        synchronized (this) {
            next = record.offset() + 1;
            notifyAll();
        }
    }

    private FeedChange change(ConsumerRecord<byte[], byte[]> record) {
        String name = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) return new FeedChange.Removed(name);
        try {
            return new FeedChange.Defined(name, deserializer.deserialize(record.topic(), record.value()));
        } catch (SerializationException e) {
            return new FeedChange.Unreadable(
                    name, record.topic() + "@" + record.offset() + " cannot be read: " + e.getMessage());
        }
    }

    private synchronized long next() {
        return next;
    }

    /** A change is rare, so that no connection is kept for it. */
    @Override
    public long write(String name, Optional<FeedDefinition> definition) {
        byte[] value = definition
                .map(defined -> serializer.serialize(Topics.FEEDS.name(), defined))
                .orElse(null);
        Map<String, Object> settings = TweetRecords.producerSettings(kafka);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ACKNOWLEDGED_WITHIN_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWERED_WITHIN_MS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ACKNOWLEDGED_WITHIN_MS);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            return producer.send(
                            new ProducerRecord<>(Topics.FEEDS.name(), name.getBytes(StandardCharsets.UTF_8), value))
                    .get(2L * ACKNOWLEDGED_WITHIN_MS, TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no acknowledgement from " + Topics.FEEDS, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            producer.close(CLOSE_TIMEOUT);
        }
    }

    @Override
    public synchronized boolean awaitApplied(long offset, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (next <= offset) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0 || !isOpen()) return false;
            wait(left);
        }
        return true;
    }

    /** Ends the thread. Does not wait for it. */
    @Override
    public void close() {
        closing.countDown();
        following.ifPresent(Consumer::wakeup);
    }
}
