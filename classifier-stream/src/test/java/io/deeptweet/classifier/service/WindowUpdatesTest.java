// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deeptweet.classifier.service.WindowUpdates.Changes;
import io.deeptweet.classifier.service.WindowUpdates.Position;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.serde.SchemaIds;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowUpdatesTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final int MORE_THAN_ARE_KEPT = 20_001;

    private final SchemaIds ids = new InMemorySchemaIds();
    private final WindowUpdates updates = new WindowUpdates(Map.of(), ids);
    private final Map<Integer, Long> offsets = new HashMap<>();

    @Test
    void ofEachWindowTheLastUpdateRemains() {
        update("election", 0, 1);
        long seen = updates.since(0).number();
        update("election", 0, 2);
        update("phones", 0, 7);
        update("election", 0, 3);
        assertThat(updates.since(seen).windows())
                .extracting(WindowAnswer::feed, WindowAnswer::count)
                .containsExactly(tuple("phones", 7L), tuple("election", 3L));
        assertThat(updates.since(updates.since(seen).number()).windows()).isEmpty();
    }

    @Test
    void aClientGoesOnAtItsPosition() {
        update("election", 0, 1);
        update("phones", 1, 1);
        Position position = updates.since(0).position();
        assertThat(position.id()).isEqualTo("0-1.1-1");
        assertThat(Position.of(position.id())).contains(position);
        update("phones", 1, 2);
        Changes missed = updates.since(position);
        assertThat(missed.windows()).extracting(WindowAnswer::count).containsExactly(2L);
        assertThat(missed.complete()).isTrue();
    }

    @Test
    void aClientThatIsBehindForgottenUpdatesIsTold() {
        update("first", 0, 1);
        long number = updates.since(0).number();
        Position position = updates.since(0).position();
        for (int i = 0; i < MORE_THAN_ARE_KEPT; i++) update("feed" + i, 0, 1);
        assertThat(updates.since(number).complete()).isFalse();
        assertThat(updates.since(position).complete()).isFalse();
        Changes now = updates.since(updates.since(number).number());
        assertThat(now.complete()).isTrue();
        assertThat(updates.since(now.position()).complete()).isTrue();
    }

    @Test
    void anInvalidRecordIsPassedOver() {
        updates.apply(new ConsumerRecord<>("sentiment.windows", 0, 5, "key".getBytes(UTF_8), new byte[] {1, 2}));
        updates.apply(new ConsumerRecord<>("sentiment.windows", 0, 6, null, null));
        assertThat(updates.since(0).windows()).isEmpty();
        assertThat(updates.since(0).position().id()).isEqualTo("0-7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "0", "0-", "-1-1", "0-1.", "0-1.1", "0-99999999999999999999"})
    void whatIsNoPositionIsNotTakenForOne(String id) {
        assertThat(Position.of(id)).isEmpty();
    }

    private void update(String feed, int partition, long count) {
        SentimentWindow window = new SentimentWindow(
                feed,
                NOON,
                NOON.plusSeconds(10),
                count,
                0L,
                0L,
                count,
                new Probabilities(0f, 0f, 1f),
                null,
                Map.of("v1", count),
                0L,
                false,
                null);
        byte[] value = AvroSerde.of(SentimentWindow.class, ids).serializer().serialize("sentiment.windows", window);
        long offset = offsets.merge(partition, 1L, Long::sum) - 1;
        updates.apply(new ConsumerRecord<>("sentiment.windows", partition, offset, feed.getBytes(UTF_8), value));
    }
}
