// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.topic.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two processes that publish one feed. */
class TakeOverIT {
    private static final LocalKafka KAFKA = LocalKafka.shared();

    private final String feed = "feed-" + UUID.randomUUID();

    /** As the service does, whose tests share the broker. */
    @BeforeAll
    static void createTopic() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
            new TopicSetup(1, (short) 1).ensure(admin, List.of(Topics.POSITIONS));
        }
    }

    /** The first process sees that it was fenced, and not yet who did it. */
    @Test
    void aProcessDoesNotTakeAFeedBackThatAnotherOneTakesWhileItConnectsAgain() {
        SourceTransactions.Source first =
                source("first", Map.of("interceptor.classes", BeforeProducer.class.getName()));
        SourceTransactions.Source second = source("second", Map.of());
        first.takeOver(position -> "7").close();
        AtomicReference<SourceTransactions> taken = new AtomicReference<>();
        BeforeProducer.ACTION.set(() -> taken.set(second.takeOver(UnaryOperator.identity())));
        assertThatThrownBy(first::reconnect).isInstanceOf(SupersededException.class);
        assertThat(taken.get().position()).isEqualTo("7");
        assertThatThrownBy(() -> taken.get().commit("8")).isInstanceOf(KafkaException.class); // fenced by the first
        taken.get().close();
        try (SourceTransactions again = second.reconnect()) {
            again.commit("9");
        }
        assertThatThrownBy(first::reconnect).isInstanceOf(SupersededException.class);
    }

    private SourceTransactions.Source source(String instance, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", KAFKA.bootstrapServers());
        settings.put("schema.registry.url", KAFKA.registryUrl());
        return new SourceTransactions.Source(settings, feed, "file", instance);
    }

    /** Does something once, just before a transactional producer connects. */
    public static final class BeforeProducer
            implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
        static final AtomicReference<Runnable> ACTION = new AtomicReference<>();

        @Override
        public void configure(Map<String, ?> settings) {
            if (!settings.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) return;
            Runnable action = ACTION.getAndSet(null);
            if (action != null) action.run();
        }

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> message) {
            return message;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {}

        @Override
        public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
            return records;
        }

        @Override
        public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

        @Override
        public void close() {}
    }
}
