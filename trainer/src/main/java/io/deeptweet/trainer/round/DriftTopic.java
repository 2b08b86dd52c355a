// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** The topic {@code sentiment.drift}. */
final class DriftTopic {
    /** Records read of each partition: the classifier publishes a window that drifts with each of its commits. */
    private static final long LATEST = 2_000;

    private final Map<String, Object> kafka;
    private final AvroDeserializer<DriftWindow> decoder;

    /** @param kafka client settings: {@code bootstrap.servers}, security */
    DriftTopic(Map<String, Object> kafka, SchemaIds ids) {
        this.kafka = kafka;
        this.decoder = new AvroDeserializer<>(DriftWindow.class, ids);
    }

    /**
     * The windows that have an alarm now, in no order. Invalid records are skipped.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    List<DriftAlarm> alarms() {
        Map<String, DriftAlarm> alarms = new HashMap<>();
        CommittedReader.readLast(kafka, Topics.DRIFT, LATEST, record -> {
            if (record.key() == null) return;
            String key = new String(record.key(), StandardCharsets.UTF_8);
            alarms.remove(key); // the last record of a key is valid
            if (record.value() == null) return;
            try {
                DriftWindow window = decoder.deserialize(record.topic(), record.value());
                if (!window.getAlarms().isEmpty())
                    alarms.put(key, new DriftAlarm(window, Instant.ofEpochMilli(record.timestamp())));
            } catch (SerializationException e) {
                // An invalid record must not hide the valid ones.
            }
        });
        return List.copyOf(alarms.values());
    }
}
