// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** Reads {@code sentiment.models}. An invalid record, or one that must be signed and is not, counts as absent. */
final class ModelRecordReader {
    private final Map<String, Object> kafka;
    private final AvroDeserializer<ModelRecord> decoder;
    private final ModelSignatures signatures;

    ModelRecordReader(Map<String, ?> kafka, SchemaIds ids, ModelSignatures signatures) {
        this.kafka = Map.copyOf(kafka);
        this.decoder = new AvroDeserializer<>(ModelRecord.class, ids);
        this.signatures = signatures;
    }

    /**
     * What the topic holds, up to the last committed transaction.
     *
     * @param refused gets by key why a record counts as absent
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    ModelLog read(Map<String, String> refused) {
        ModelLog log = emptyLog();
        CommittedReader.readAll(kafka, Topics.MODELS, record -> {
            if (record.key() != null) apply(record, key(record), log, refused);
        });
        return log;
    }

    /** As {@link #read}, but without the bytes of tensors. */
    ModelLog readIndex(Map<String, String> refused) {
        ModelLog log = emptyLog();
        CommittedReader.readAll(kafka, Topics.MODELS, record -> index(record, log, refused));
        return log;
    }

    /** A log for {@link #index}. */
    ModelLog emptyLog() {
        return new ModelLog(signatures.areRequired());
    }

    /** Applies a record unless it holds a part of a tensor. */
    void index(ConsumerRecord<byte[], byte[]> record, ModelLog log) {
        index(record, log, new HashMap<>());
    }

    private void index(ConsumerRecord<byte[], byte[]> record, ModelLog log, Map<String, String> refused) {
        if (record.key() != null && !ModelLog.isChunkKey(key(record))) apply(record, key(record), log, refused);
    }

    /** An invalid record must not hide the valid ones. */
    private void apply(ConsumerRecord<byte[], byte[]> record, String key, ModelLog log, Map<String, String> refused) {
        try {
            signatures.check(key, record.value(), record.headers());
            log.apply(key, Optional.ofNullable(decoder.deserialize(record.topic(), record.value())));
            refused.remove(key);
        } catch (SerializationException | InvalidModelException e) {
            refused.put(key, e.getMessage());
        }
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }
}
