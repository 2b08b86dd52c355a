// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.definition;

import io.deeptweet.schemas.client.IdempotentProducer;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
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
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Reads and writes a compacted topic of definitions by name. It has one partition: all instances read its changes in
 * one order, each on a thread of its own.
 *
 * @param <T> type of the definitions
 */
public final class DefinitionTopic<T extends SpecificRecord> implements DefinitionChanges<T>, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DefinitionTopic.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int ACKNOWLEDGED_WITHIN_MS = 10_000;
    private static final int ANSWERED_WITHIN_MS = 5_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, Object> kafka;
    private final Topic topic;
    private final AvroSerializer<T> serializer;
    private final AvroDeserializer<T> deserializer;
    private final ReaderThread<byte[]> thread;
    private final java.util.function.Consumer<DefinitionChange<T>> changed;
    /** Offset of the first record that has not been read; guarded by this object. */
    private long next;

    /**
     * @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security
     * @param changed receives each change, in the topic's order
     */
    public DefinitionTopic(
            Map<String, Object> kafka,
            Topic topic,
            Class<T> type,
            java.util.function.Consumer<DefinitionChange<T>> changed) {
        this.kafka = Map.copyOf(kafka);
        this.topic = topic;
        SchemaIds ids = SchemaIds.ofRegistry(kafka);
        this.serializer = new AvroSerializer<>(ids);
        this.deserializer = new AvroDeserializer<>(type, ids);
        this.changed = changed;
        this.thread = new ReaderThread<>(
                topic.name(),
                "changes cannot be read from " + topic,
                new Backoff(),
                () -> CommittedReader.consumer(kafka),
                this::read);
    }

    /**
     * Passes on every change that the topic holds now.
     *
     * @throws KafkaException if Kafka does not answer or refuses; it may be tried again
     */
    public void readAll() {
        CommittedReader.readAll(kafka, topic, this::read);
    }

    /** Passes on every further change, on a thread of its own, until this is closed. */
    public void follow() {
        thread.start();
    }

    private void read(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions = CommittedReader.partitions(consumer, topic);
        consumer.assign(partitions);
        partitions.forEach(partition -> consumer.seek(partition, next()));
        while (!thread.isClosing()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) read(record);
            thread.succeeded();
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() != null) {
            DefinitionChange<T> change = change(record);
            try {
                changed.accept(change);
            } catch (RuntimeException e) { // a defect, which must not stop the changes of other names
                LOG.errorf(e, "the change of %s in %s failed", UntrustedText.quoted(change.name()), topic);
            }
        }
        synchronized (this) {
            next = record.offset() + 1;
            notifyAll();
        }
    }

    private DefinitionChange<T> change(ConsumerRecord<byte[], byte[]> record) {
        String name = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) return new DefinitionChange.Removed<>(name);
        try {
            return new DefinitionChange.Defined<>(name, deserializer.deserialize(record.topic(), record.value()));
        } catch (SerializationException e) {
            return new DefinitionChange.Unreadable<>(
                    name, record.topic() + "@" + record.offset() + " cannot be read: " + e.getMessage());
        }
    }

    private synchronized long next() {
        return next;
    }

    /** A change is rare, so that no connection is kept for it. */
    @Override
    public long write(String name, Optional<T> definition) {
        byte[] value = definition
                .map(defined -> serializer.serialize(topic.name(), defined))
                .orElse(null);
        Map<String, Object> settings = IdempotentProducer.settings(kafka);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ACKNOWLEDGED_WITHIN_MS);
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWERED_WITHIN_MS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, ACKNOWLEDGED_WITHIN_MS);
        Producer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            return producer.send(new ProducerRecord<>(topic.name(), name.getBytes(StandardCharsets.UTF_8), value))
                    .get(2L * ACKNOWLEDGED_WITHIN_MS, TimeUnit.MILLISECONDS)
                    .offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no acknowledgement from " + topic, e);
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
            if (left <= 0 || thread.isClosing()) return false;
            wait(left);
        }
        return true;
    }

    /** Ends the thread; waits up to 10 s. */
    @Override
    public void close() {
        thread.close();
    }
}
