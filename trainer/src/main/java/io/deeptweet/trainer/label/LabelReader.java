// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/** Follows {@code tweets.labeled} from its beginning and adds its labels to a {@link LabelStore}. Not thread-safe. */
public final class LabelReader implements AutoCloseable {
    /** Is notified of records that no round has consumed. */
    public interface Observer {
        /** A valid label was read. */
        void read(LabelStore.Outcome outcome);

        /** A tombstone removed a tweet's label. */
        void removed();

        /** An invalid label was read for the first time. */
        void rejected(Rejection rejection);
    }

    private final LabelStore labels;
    private final Map<TopicPartition, Long> learned;
    private final Map<TopicPartition, Long> consumed;
    private final Map<TopicPartition, Long> checked;
    private final AvroDeserializer<LabeledTweet> deserializer;
    private final Observer observer;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private Optional<Instant> waitingSince = Optional.empty();

    /**
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @param progress how far rounds have come
     * @throws KafkaException if the broker does not answer, or the topic does not exist
     */
    public LabelReader(
            Map<String, Object> kafka, SchemaIds ids, LabelStore labels, LabelProgress progress, Observer observer) {
        this.labels = labels;
        this.learned = progress.learned();
        this.consumed = new HashMap<>(progress.consumed());
        this.checked = new HashMap<>(progress.checked());
        this.deserializer = new AvroDeserializer<>(LabeledTweet.class, ids);
        this.observer = observer;
        this.consumer = CommittedReader.consumer(kafka);
        try {
            consumer.assign(CommittedReader.partitions(consumer, Topics.LABELED));
            consumer.seekToBeginning(consumer.assignment());
            this.ends = consumer.endOffsets(consumer.assignment());
        } catch (KafkaException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Adds the next labels to the store.
     *
     * @param wait how long to wait for them
     * @return records for {@code tweets.rejected}: the invalid labels that were not rejected before
     */
    public List<ProducerRecord<byte[], byte[]>> poll(Duration wait) {
        List<ProducerRecord<byte[], byte[]>> rejected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Optional<CheckedLabel.Invalid> fault = apply(record, stage(partition, record.offset()));
            if (record.offset() < checked.getOrDefault(partition, 0L)) continue;
            fault.ifPresent(invalid -> rejected.add(rejection(record, invalid)));
            checked.put(partition, record.offset() + 1);
        }
        return rejected;
    }

    private LabelStore.Stage stage(TopicPartition partition, long offset) {
        if (offset >= consumed.getOrDefault(partition, 0L)) return LabelStore.Stage.NEW;
        return offset < learned.getOrDefault(partition, 0L) ? LabelStore.Stage.LEARNED : LabelStore.Stage.TRIED;
    }

    private Optional<CheckedLabel.Invalid> apply(ConsumerRecord<byte[], byte[]> record, LabelStore.Stage stage) {
        if (record.key() == null) return invalid(Reason.NO_ID, "the record has no key: use the tweet's id");
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            labels.remove(key);
            if (stage == LabelStore.Stage.NEW) observer.removed();
            return Optional.empty();
        }
        LabeledTweet tweet;
        try {
            tweet = deserializer.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return invalid(Reason.UNDECODABLE, e.getMessage());
        }
        // With other keys, a tweet's labels could be in several partitions, and their order would be unknown.
        if (!key.equals(tweet.getId()))
            return invalid(Reason.INVALID_FIELD, "the key is not the tweet's id, " + tweet.getId());
        Optional<CheckedLabel.Invalid> fault = LabelCheck.fault(tweet, Instant.ofEpochMilli(record.timestamp()));
        if (fault.isPresent()) return fault;
        LabelStore.Outcome outcome = labels.add(Label.of(tweet), stage);
        if (stage == LabelStore.Stage.NEW) {
            observer.read(outcome);
            if (waitingSince.isEmpty() && labels.fresh() > 0)
                waitingSince = Optional.of(Instant.ofEpochMilli(record.timestamp()));
        }
        return Optional.empty();
    }

    private static Optional<CheckedLabel.Invalid> invalid(Reason reason, String detail) {
        return Optional.of(new CheckedLabel.Invalid(reason, detail));
    }

    private ProducerRecord<byte[], byte[]> rejection(
            ConsumerRecord<byte[], byte[]> record, CheckedLabel.Invalid invalid) {
        Rejection rejection = new Rejection(
                "trainer",
                invalid.reason(),
                invalid.detail(),
                Rejection.origin(record.topic(), record.partition(), record.offset()));
        observer.rejected(rejection);
        RejectedCopy copy = RejectedCopy.of(record.key(), record.value(), record.headers(), rejection);
        return new ProducerRecord<>(
                Topics.REJECTED.name(),
                null,
                copy.key().orElse(null),
                copy.value().orElse(null),
                copy.headers());
    }

    /** Whether all records have been read that were on the topic when this reader was created. */
    public boolean caughtUp() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** For each partition the offset of the next record to read. */
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) positions.put(partition, consumer.position(partition));
        return positions;
    }

    /**
     * Takes note that a round has consumed the labels before these offsets.
     *
     * @param now from when labels that are left wait for the next round
     */
    public void consumed(Map<TopicPartition, Long> offsets, Instant now) {
        consumed.putAll(offsets);
        waitingSince = labels.fresh() > 0 ? Optional.of(now) : Optional.empty();
    }

    /** How far rounds have come by now. */
    public LabelProgress progress() {
        return new LabelProgress(learned, consumed, checked);
    }

    /** When the oldest label that waits for a round came; empty if none does. */
    public Optional<Instant> waitingSince() {
        return labels.fresh() > 0 ? waitingSince : Optional.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
