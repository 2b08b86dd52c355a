// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.serde.SchemaIds;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class AlertReaderTest {
    private static final String TOPIC = "sentiment.alerts";

    private final SchemaIds ids = new InMemorySchemaIds();
    private final AlertReader reader = new AlertReader(ids);

    @Test
    void anAlertOfAClassifierIsRead() {
        assertThat(read(alert("angry", "election", "reason"))).isEqualTo(1);
        assertThat(read(alert("lag", null, "reason"))).isEqualTo(1);
    }

    @Test
    void whatOthersWroteIsLeftOut() {
        assertThat(read(null)).isZero();
        assertThat(read(new byte[] {1, 2, 3})).isZero();
        assertThat(read(alert("two\r\nlines", "election", "reason"))).isZero();
        assertThat(read(alert("angry", "élection", "reason"))).isZero();
        assertThat(read(alert("angry", "election", "r".repeat(100_000)))).isZero();
    }

    private long read(byte[] value) {
        return reader.read(new ConsumerRecord<>(TOPIC, 0, 0, null, value)).stream()
                .count();
    }

    private byte[] alert(String rule, String feed, String reason) {
        Alert alert = new Alert(
                rule,
                feed,
                AlertCondition.SILENCE,
                AlertState.FIRED,
                Instant.EPOCH,
                Instant.EPOCH,
                null,
                0.0,
                0L,
                null,
                null,
                reason);
        return new AvroSerializer<Alert>(ids).serialize(TOPIC, alert);
    }
}
