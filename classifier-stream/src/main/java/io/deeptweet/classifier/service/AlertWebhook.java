// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Posts alerts to one address, one after the other. The instances share the work as a consumer group, so that an alert
 * is sent once, or more often after a fault: the header {@code webhook-id} is then the same. What cannot be delivered
 * is tried again with back-off until it is given up.
 */
final class AlertWebhook implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(AlertWebhook.class);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final String name;
    private final AlertSettings.Webhook settings;
    private final AlertMessages messages;
    private final AlertReader alerts;
    private final WebhookClient client;
    private final Counter sent;
    private final Counter failed;
    private final Counter dropped;
    private final Backoff backoff = new Backoff();
    private final ReaderThread<byte[]> thread;

    /**
     * @param kafka client settings
     * @param applicationId prefix of the consumer group
     * @throws io.deeptweet.service.settings.InvalidSettingException if the address or the secret cannot be used
     */
    AlertWebhook(
            String name,
            AlertSettings.Webhook settings,
            AlertMessages messages,
            Map<String, Object> kafka,
            String applicationId,
            SchemaIds ids,
            MeterRegistry registry) {
        this.name = name;
        this.settings = settings;
        this.messages = messages;
        this.alerts = new AlertReader(ids);
        this.client = new WebhookClient(name, settings);
        this.sent = counter(registry, "sent");
        this.failed = counter(registry, "failed");
        this.dropped = counter(registry, "dropped");
        this.thread = new ReaderThread<>(
                "webhook-" + name,
                "alerts for the webhook " + name + " cannot be read from " + Topics.ALERTS,
                new Backoff(),
                () -> consumer(kafka, applicationId + "-webhook-" + name),
                this::follow);
    }

    private Counter counter(MeterRegistry registry, String outcome) {
        return Counter.builder("deeptweet.webhook.requests")
                .description("Alerts posted to a webhook: sent, failed (tried again), and dropped (given up)")
                .tag("webhook", name)
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Consumer<byte[], byte[]> consumer(Map<String, Object> kafka, String group) {
        Map<String, Object> settings = new HashMap<>(CommittedReader.settings(kafka));
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"); // a new webhook gets no old alerts
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of(Topics.ALERTS.name()), new CommitStart(consumer));
        while (!thread.isClosing()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                Optional<Duration> pause = deliver(record);
                if (pause.isPresent()) {
                    consumer.seek(partition, record.offset());
                    thread.await(pause.get()); // far below max.poll.interval.ms
                    break;
                }
                consumer.commitSync(Map.of(partition, new OffsetAndMetadata(record.offset() + 1)));
            }
            thread.succeeded();
        }
    }

    /** So that a restart before the first alert does not start at a later one. */
    private record CommitStart(Consumer<?, ?> consumer) implements ConsumerRebalanceListener {
        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, OffsetAndMetadata> starts = new HashMap<>();
            for (TopicPartition partition : partitions)
                if (known.get(partition) == null)
                    starts.put(partition, new OffsetAndMetadata(consumer.position(partition)));
            if (!starts.isEmpty()) consumer.commitSync(starts);
        }
    }

    /** Empty once there is nothing left to do with the record, or how long to wait before the next attempt. */
    private Optional<Duration> deliver(ConsumerRecord<byte[], byte[]> record) {
        Optional<Alert> alert = alerts.read(record);
        if (alert.isEmpty()) return Optional.empty();
        String id = AlertAnswers.AlertAnswer.of(alert.get()).id();
        String fault;
        try {
            int status = client.post(id, messages.of(alert.get(), settings.format()));
            if (status / 100 == 2) {
                sent.increment();
                backoff.succeeded();
                return Optional.empty();
            }
            fault = "it answers with status " + status;
        } catch (IOException e) {
            fault = e.getClass().getSimpleName(); // the message may hold the address
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(Duration.ZERO);
        }
        failed.increment();
        Instant happened = Instant.ofEpochMilli(record.timestamp());
        if (Clock.systemUTC().instant().isAfter(happened.plus(settings.giveUpAfter()))) {
            dropped.increment();
            LOG.errorf("the webhook %s did not get alert %s, which is given up: %s", name, id, fault);
            return Optional.empty();
        }
        Backoff.Advice advice = backoff.failed(fault);
        if (advice.isNew()) LOG.warnf("the webhook %s does not work and is tried again: %s", name, fault);
        return Optional.of(advice.pause());
    }
}
