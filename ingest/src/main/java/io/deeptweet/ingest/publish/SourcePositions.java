// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * What {@code tweets.positions} holds of a feed.
 *
 * @param positions the committed positions by the names of the sources
 * @param lastInstance the process that has published the feed last; empty if there is none
 */
record SourcePositions(Map<String, String> positions, Optional<String> lastInstance) {
    private static final Logger LOG = Logger.getLogger(SourcePositions.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    SourcePositions {
        positions = Map.copyOf(positions);
    }

    /** The key of a source's position. A feed's name holds no slash. */
    static byte[] key(String feed, String source) {
        return (feed + '/' + source).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads the positions. Waits until transactions of other feeds that hide newer records have ended, which a process
     * that was killed delays by its transaction time-out.
     *
     * @param kafka client settings
     * @param of the source that reads them
     * @throws UnreadablePositionException if this source has records, and none is a position
     */
    static SourcePositions read(Map<String, ?> kafka, String feed, String of) {
        AvroDeserializer<SourcePosition> deserializer =
                new AvroDeserializer<>(SourcePosition.class, SchemaIds.ofRegistry(kafka));
        Map<String, String> positions = new HashMap<>();
        Map<String, String> unreadable = new HashMap<>();
        AtomicReference<String> instance = new AtomicReference<>();
        String prefix = feed + '/';
        readCommitted(kafka, record -> {
            if (record.key() == null) return;
            String key = new String(record.key(), StandardCharsets.UTF_8);
            if (!key.startsWith(prefix)) return;
            String source = key.substring(prefix.length());
            if (record.value() == null) {
                positions.remove(source); // an operator's tombstone: the source starts at its beginning
                unreadable.remove(source);
                return;
            }
            try {
                SourcePosition position = deserializer.deserialize(record.topic(), record.value());
                positions.put(source, position.getPosition());
                instance.set(position.getInstance());
                unreadable.remove(source);
            } catch (SerializationException e) {
                unreadable.put(source, record.topic() + "@" + record.offset() + ": " + e.getMessage());
            }
        });
        if (unreadable.containsKey(of) && !positions.containsKey(of))
            throw new UnreadablePositionException(prefix + of, unreadable.get(of));
        for (String fault : unreadable.values())
            LOG.warnf("the position before %s counts, because it cannot be read", UntrustedText.oneLine(fault));
        return new SourcePositions(positions, Optional.ofNullable(instance.get()));
    }

    private static void readCommitted(
            Map<String, ?> kafka, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka)) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.POSITIONS);
            Map<TopicPartition, Long> ends = ends(kafka, partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long progress = System.nanoTime();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(each);
                if (!records.isEmpty()) progress = System.nanoTime();
                if (System.nanoTime() - progress > PATIENCE.toNanos())
                    throw new TimeoutException("a transaction on " + Topics.POSITIONS + " does not end");
            }
        }
    }

    /** The ends of the partitions, uncommitted records included. */
    private static Map<TopicPartition, Long> ends(Map<String, ?> kafka, List<TopicPartition> partitions) {
        Map<String, Object> settings = CommittedReader.settings(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions); // endOffsets warns otherwise
            return consumer.endOffsets(partitions);
        }
    }
}
