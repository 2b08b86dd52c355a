// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Settings of a Kafka producer that writes each record exactly once or reports its failure. */
public final class IdempotentProducer {
    private IdempotentProducer() {}

    /**
     * Adds what idempotence needs, and removes a transactional id and the serializers.
     *
     * <p>One request at a time: with more, a broker up to Kafka 4.1 may refuse the first request to a new partition,
     * because it does not lead it yet, and accept the second. It then refuses every retry of the first as out of order,
     * and the records fail after {@code delivery.timeout.ms} (<a
     * href="https://issues.apache.org/jira/browse/KAFKA-15591">KAFKA-15591</a>). Partitions are new after the start of
     * a new cluster, after a topic has grown, and where a topic is deleted and created.
     *
     * @param client settings that are kept otherwise
     */
    public static Map<String, Object> settings(Map<String, ?> client) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.keySet()
                .removeAll(List.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG));
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        return settings;
    }
}
