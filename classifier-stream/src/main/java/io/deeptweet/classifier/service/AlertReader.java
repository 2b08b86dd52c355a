// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/** Reads records of {@code sentiment.alerts}, and leaves out those that no classifier has written. */
final class AlertReader {
    private static final int LONGEST_REASON = 4_000;

    private final AvroDeserializer<Alert> deserializer;

    AlertReader(SchemaIds ids) {
        deserializer = new AvroDeserializer<>(Alert.class, ids);
    }

    /** Fails with a {@link org.apache.kafka.common.KafkaException} if the registry does not answer. */
    Optional<Alert> read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return Optional.empty();
        try {
            return Optional.of(deserializer.deserialize(record.topic(), record.value()))
                    .filter(AlertReader::isOfAClassifier);
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }

    /** Names go to headers of HTTP, and the last alerts are kept in memory. */
    private static boolean isOfAClassifier(Alert alert) {
        return Rule.isName(alert.getRule())
                && alert.getFeed().filter(feed -> !TweetLimits.isFeedName(feed)).isEmpty()
                && alert.getReason().length() <= LONGEST_REASON;
    }
}
