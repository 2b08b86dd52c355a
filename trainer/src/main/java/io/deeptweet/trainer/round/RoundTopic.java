// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** The topic {@code sentiment.rounds}: the results of all rounds, published or not. */
public final class RoundTopic {
    private final Map<String, Object> kafka;
    private final AvroDeserializer<TrainingRound> decoder;
    private final AvroSerializer<TrainingRound> encoder;

    /** @param kafka client settings: {@code bootstrap.servers}, security */
    public RoundTopic(Map<String, Object> kafka, SchemaIds ids) {
        this.kafka = kafka;
        this.decoder = new AvroDeserializer<>(TrainingRound.class, ids);
        this.encoder = new AvroSerializer<>(ids);
    }

    /**
     * All rounds, by number. Invalid records are skipped.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public List<TrainingRound> read() {
        TreeMap<Integer, TrainingRound> rounds = new TreeMap<>();
        CommittedReader.readAll(kafka, Topics.ROUNDS, record -> {
            if (record.value() == null) return;
            try {
                TrainingRound round = decoder.deserialize(record.topic(), record.value());
                rounds.put(round.getNumber(), round);
            } catch (SerializationException e) {
                // An invalid record must not hide the valid ones.
            }
        });
        return List.copyOf(rounds.values());
    }

    /** The record that stores a round. */
    ProducerRecord<byte[], byte[]> record(TrainingRound round) {
        byte[] key = Integer.toString(round.getNumber()).getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(Topics.ROUNDS.name(), 0, key, encoder.serialize(Topics.ROUNDS.name(), round));
    }
}
