// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.audit;

import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/** The topic {@code sentiment.audit}. Its records are sent in the transactions of the changes that they describe. */
public final class AuditTopic {
    /** Most records of a page. */
    public static final int LARGEST_PAGE = 500;

    private static final TopicPartition PARTITION = new TopicPartition(Topics.AUDIT.name(), 0);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Map<String, Object> kafka;
    private final AvroSerializer<AuditRecord> encoder;
    private final AvroDeserializer<AuditRecord> decoder;

    private record Found(long offset, AuditListing listing) {}

    /** @param kafka client settings: {@code bootstrap.servers}, security */
    public AuditTopic(Map<String, Object> kafka, SchemaIds ids) {
        this.kafka = Map.copyOf(kafka);
        this.encoder = new AvroSerializer<>(ids);
        this.decoder = new AvroDeserializer<>(AuditRecord.class, ids);
    }

    /**
     * The record of a change.
     *
     * @param version the model that it is about; empty if a round made no candidate
     * @param from the version that was active before; empty if there was none
     * @param to the version that is active since; empty if the active version stays as it was
     */
    public ProducerRecord<byte[], byte[]> record(
            AuditAction action,
            Optional<String> version,
            Optional<String> from,
            Optional<String> to,
            ChangeOrigin origin,
            Instant now) {
        AuditRecord record = new AuditRecord(
                now.truncatedTo(ChronoUnit.MILLIS),
                action.label(),
                version.orElse(null),
                from.orElse(null),
                to.orElse(null),
                origin.channel(),
                origin.actor(),
                origin.reason());
        return new ProducerRecord<>(
                Topics.AUDIT.name(),
                PARTITION.partition(),
                version.map(key -> key.getBytes(StandardCharsets.UTF_8)).orElse(null),
                encoder.serialize(Topics.AUDIT.name(), record));
    }

    /**
     * The newest records, or those before a page. Invalid records are left out.
     *
     * @param before {@link AuditPage#next} of the page before; empty for the newest
     * @param most how many at most, 1 to {@value #LARGEST_PAGE}
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public AuditPage page(OptionalLong before, int most) {
        try (Consumer<byte[], byte[]> consumer = CommittedReader.consumer(kafka, PATIENCE)) {
            List<TopicPartition> partitions = CommittedReader.partitions(consumer, Topics.AUDIT);
            consumer.assign(partitions);
            long start = consumer.beginningOffsets(partitions).get(PARTITION);
            long end = Math.min(consumer.endOffsets(partitions).get(PARTITION), before.orElse(Long.MAX_VALUE));
            Deque<Found> found = new ArrayDeque<>(); // the newest first
            // Offsets of transaction markers hold no record, so a range may hold fewer than there are offsets.
            for (long to = end; to > start && found.size() <= most; ) {
                long from = Math.max(start, to - 2L * (most + 1));
                List<Found> range = read(consumer, from, to);
                range.sort((one, other) -> Long.compare(other.offset(), one.offset()));
                found.addAll(range);
                to = from;
            }
            List<Found> page = found.stream().limit(most).toList();
            return new AuditPage(
                    page.stream().map(Found::listing).toList(),
                    found.size() > most ? OptionalLong.of(page.get(most - 1).offset()) : OptionalLong.empty());
        }
    }

    private List<Found> read(Consumer<byte[], byte[]> consumer, long from, long to) {
        List<Found> found = new ArrayList<>();
        CommittedReader.read(
                consumer, Topics.AUDIT, Map.of(PARTITION, from), Map.of(PARTITION, to), PATIENCE, record -> {
                    if (record.value() == null) return;
                    try {
                        AuditRecord decoded = decoder.deserialize(record.topic(), record.value());
                        found.add(new Found(record.offset(), AuditListing.of(decoded)));
                    } catch (SerializationException e) {
                        // An invalid record must not hide the valid ones.
                    }
                });
        return found;
    }
}
