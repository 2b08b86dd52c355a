// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.Committed;
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
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Reads {@code tweets.labeled} from its beginning and keeps at it, putting into {@link Labels} what it finds. Not
 * thread-safe.
 */
public final class LabelReader implements AutoCloseable {
    private static final int LONGEST_DETAIL = 500;

    /** Is told what becomes of labels that no round has consumed. */
    public interface Observer {
        void read(Labels.Outcome outcome);

        /** A tombstone removed a tweet. */
        void removed();

        void rejected(Rejection rejection);
    }

    private final Labels labels;
    private final Map<TopicPartition, Long> learned;
    private final Map<TopicPartition, Long> consumed;
    private final Map<TopicPartition, Long> checked;
    private final AvroDeserializer<LabeledTweet> deserializer;
    private final Observer observer;
    private final Consumer<byte[], byte[]> consumer;
    private final Map<TopicPartition, Long> ends;
    private Optional<Instant> waitingSince = Optional.empty();

    /**
     * @param learned of each partition the offset up to which the active model learned; from 0, if it is missing
     * @param consumed likewise, up to which rounds consumed labels
     * @param checked likewise, up to which bad labels were rejected
     */
    public LabelReader(
            Map<String, Object> kafka,
            SchemaIds ids,
            Labels labels,
            Map<TopicPartition, Long> learned,
            Map<TopicPartition, Long> consumed,
            Map<TopicPartition, Long> checked,
            Observer observer) {
        this.labels = labels;
        this.learned = Map.copyOf(learned);
        this.consumed = new HashMap<>(consumed);
        this.checked = new HashMap<>(checked);
        this.deserializer = new AvroDeserializer<>(LabeledTweet.class, ids);
        this.observer = observer;
        this.consumer = Committed.consumer(kafka);
        try {
            consumer.assign(Committed.partitions(consumer, Topics.LABELED));
            consumer.seekToBeginning(consumer.assignment());
            this.ends = consumer.endOffsets(consumer.assignment());
        } catch (KafkaException e) {
            consumer.close();
            throw e;
        }
    }

    /**
     * Takes in what came.
     *
     * @return the bad labels among it, as they are to be written to {@code tweets.rejected}, each for the first time
     */
    public List<ProducerRecord<byte[], byte[]>> poll(Duration wait) {
        List<ProducerRecord<byte[], byte[]>> rejected = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            boolean old = record.offset() < consumed.getOrDefault(partition, 0L);
            Optional<LabelCheck.Checked.Refused> fault = apply(
                    record,
                    old
                            ? record.offset() < learned.getOrDefault(partition, 0L)
                                    ? Labels.Age.LEARNED
                                    : Labels.Age.TRIED
                            : Labels.Age.NEW);
            if (record.offset() < checked.getOrDefault(partition, 0L)) continue;
            fault.ifPresent(refused -> rejected.add(rejection(record, refused)));
            checked.put(partition, record.offset() + 1);
        }
        return rejected;
    }

    private Optional<LabelCheck.Checked.Refused> apply(ConsumerRecord<byte[], byte[]> record, Labels.Age age) {
        if (record.key() == null)
            return Optional.of(
                    new LabelCheck.Checked.Refused(Reason.NO_ID, "a label without a key, which is the tweet's id"));
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            labels.remove(key);
            if (age == Labels.Age.NEW) observer.removed();
            return Optional.empty();
        }
        LabeledTweet tweet;
        try {
            tweet = deserializer.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return Optional.of(new LabelCheck.Checked.Refused(Reason.UNDECODABLE, e.getMessage()));
        }
        // Under another key a tweet's labels would stand in several partitions, and nobody could say which came last.
        if (!key.equals(tweet.getId()))
            return Optional.of(new LabelCheck.Checked.Refused(
                    Reason.INVALID_FIELD, "the key is not the tweet's id, " + tweet.getId()));
        Optional<LabelCheck.Checked.Refused> fault = LabelCheck.fault(tweet, Instant.ofEpochMilli(record.timestamp()));
        if (fault.isPresent()) return fault;
        Labels.Outcome outcome = labels.add(Label.of(tweet), age);
        if (age == Labels.Age.NEW) {
            observer.read(outcome);
            if (waitingSince.isEmpty() && labels.fresh() > 0)
                waitingSince = Optional.of(Instant.ofEpochMilli(record.timestamp()));
        }
        return Optional.empty();
    }

    private ProducerRecord<byte[], byte[]> rejection(
            ConsumerRecord<byte[], byte[]> record, LabelCheck.Checked.Refused refused) {
        String detail = refused.detail().length() <= LONGEST_DETAIL
                ? refused.detail()
                : refused.detail().substring(0, LONGEST_DETAIL) + "…";
        Rejection rejection = new Rejection(
                "trainer", refused.reason(), detail, record.topic() + "-" + record.partition() + "@" + record.offset());
        RecordHeaders headers = new RecordHeaders(record.headers());
        rejection.writeTo(headers);
        observer.rejected(rejection);
        return new ProducerRecord<>(Topics.REJECTED.name(), null, record.key(), record.value(), headers);
    }

    /** Whether all was read that stood there when reading began. */
    public boolean caughtUp() {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Of each partition the offset after what was read. */
    public Map<TopicPartition, Long> positions() {
        Map<TopicPartition, Long> positions = new HashMap<>();
        for (TopicPartition partition : consumer.assignment()) positions.put(partition, consumer.position(partition));
        return positions;
    }

    /** Up to there rounds have consumed labels now. */
    public void consumed(Map<TopicPartition, Long> offsets, Instant now) {
        consumed.putAll(offsets);
        waitingSince = labels.fresh() > 0 ? Optional.of(now) : Optional.empty();
    }

    /** Of each partition the offset up to which rounds have consumed labels. */
    public Map<TopicPartition, Long> consumed() {
        return Map.copyOf(consumed);
    }

    /** Of each partition the offset up to which bad labels were returned by {@link #poll}. */
    public Map<TopicPartition, Long> checked() {
        return Map.copyOf(checked);
    }

    /** Since when a label waits for a round; empty if none does. */
    public Optional<Instant> waitingSince() {
        return labels.fresh() > 0 ? waitingSince : Optional.empty();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
