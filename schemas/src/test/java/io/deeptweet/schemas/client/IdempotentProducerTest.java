// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class IdempotentProducerTest {
    @Test
    void whatIdempotenceNeedsIsReplacedAndTheRestKept() {
        assertThat(IdempotentProducer.settings(Map.of(
                        "bootstrap.servers", "kafka:9092",
                        "linger.ms", 3,
                        "acks", "1",
                        "enable.idempotence", "false",
                        "max.in.flight.requests.per.connection", 5,
                        "transactional.id", "mine",
                        "key.serializer", "StringSerializer")))
                .isEqualTo(Map.of(
                        "bootstrap.servers",
                        "kafka:9092",
                        "linger.ms",
                        3,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "max.in.flight.requests.per.connection",
                        1));
    }
}
