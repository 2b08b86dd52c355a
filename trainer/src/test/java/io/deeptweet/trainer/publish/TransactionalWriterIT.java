// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.TransactionalWriter.FencedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commits and aborts transactions on a real broker. */
class TransactionalWriterIT {
    private final Map<String, Object> client = FreshTopics.clientOf(LocalKafka.shared());
    private final TransactionalWriter writer = new TransactionalWriter(client);

    @BeforeEach
    void emptyTopics() throws Exception {
        FreshTopics.recreate(client, 2, List.of(Topics.MODELS, Topics.REJECTED));
    }

    /** The broker answers a commit before the records can be read; {@code commit} must not. */
    @Test
    void committedRecordsOfAllTopicsCanBeReadAtOnce() {
        for (int i = 1; i <= 5; i++) {
            try (TransactionalWriter.Transaction transaction = writer.begin()) {
                transaction.send(record(Topics.MODELS, 0, "model " + i));
                transaction.send(record(Topics.REJECTED, 0, "rejected " + i));
                transaction.send(record(Topics.REJECTED, 1, "rejected too " + i));
                transaction.commit();
            }
            assertThat(values(Topics.MODELS)).hasSize(i).last().isEqualTo("model " + i);
            assertThat(values(Topics.REJECTED)).hasSize(2 * i).contains("rejected " + i, "rejected too " + i);
        }
    }

    @Test
    void whatWasNotCommittedIsNeverSeen() {
        try (TransactionalWriter.Transaction transaction = writer.begin()) {
            transaction.send(record(Topics.MODELS, 0, "half"));
        }
        assertThat(values(Topics.MODELS)).isEmpty();
    }

    /** Whichever request of the earlier one the broker refuses first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLaterWriterFencesAnEarlierOne(boolean earlierOneSendsMore) {
        TransactionalWriter.Transaction first = writer.begin();
        first.send(record(Topics.MODELS, 0, "half"));
        try (TransactionalWriter.Transaction second = new TransactionalWriter(client).begin()) {
            second.send(record(Topics.MODELS, 0, "whole"));
            second.commit();
        }
        assertThatThrownBy(() -> {
                    if (earlierOneSendsMore) first.send(record(Topics.MODELS, 0, "other half"));
                    first.commit();
                })
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("nothing was published; try again");
        first.close();
        assertThat(values(Topics.MODELS)).containsExactly("whole");
    }

    /** A writer in another process that was killed: its transaction is open, and hides every later record. */
    @Test
    void anAbandonedTransactionIsAborted() throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", client.get("bootstrap.servers"), "transactional.id", "deeptweet-model-publisher");
        try (KafkaProducer<byte[], byte[]> killed =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            killed.initTransactions();
            killed.beginTransaction();
            killed.send(record(Topics.MODELS, 0, "half")).get();
            writer.fence();
            try (TransactionalWriter.Transaction transaction = writer.begin()) {
                transaction.send(record(Topics.MODELS, 0, "whole"));
                transaction.commit();
            }
            assertThat(values(Topics.MODELS)).containsExactly("whole");
            assertThatThrownBy(killed::commitTransaction).isInstanceOf(KafkaException.class);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(Topic topic, int partition, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic.name(), partition, bytes, bytes);
    }

    private List<String> values(Topic topic) {
        List<String> values = new ArrayList<>();
        CommittedReader.readAll(
                client, topic, record -> values.add(new String(record.value(), StandardCharsets.UTF_8)));
        return values;
    }
}
