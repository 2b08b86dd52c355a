// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import io.deeptweet.schemas.client.IdempotentProducer;
import io.deeptweet.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes bytes that are no record to topics, each exactly once: the producer is idempotent, and never gives up. */
final class InvalidRecords implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;

    InvalidRecords(Map<String, String> client) {
        Map<String, Object> settings = IdempotentProducer.settings(client);
        settings.putAll(Map.of("delivery.timeout.ms", Integer.MAX_VALUE, "max.block.ms", Integer.MAX_VALUE));
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Writes one.
     *
     * @param prefix what its value begins with, before the number
     * @param count its number; counted up
     */
    void write(Topic topic, String prefix, AtomicInteger count) {
        byte[] value = (prefix + count.getAndIncrement()).getBytes(StandardCharsets.UTF_8);
        var unused = producer.send(new ProducerRecord<>(topic.name(), value, value)); // flush waits for it
    }

    /** Waits until all are acknowledged. */
    void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
