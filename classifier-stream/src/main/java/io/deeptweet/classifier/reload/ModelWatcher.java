// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.reload;

import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.retry.Backoff;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;

/**
 * Reads {@code sentiment.models} from its start, for as long as the service runs, on a thread of its own: every
 * instance reads all of it, so there is no group. Whatever goes wrong is logged, shown in {@link #fault()}, and tried
 * again.
 */
public final class ModelWatcher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelWatcher.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

    private final Map<String, Object> settings;
    private final AvroDeserializer<ModelRecord> deserializer;
    private final ModelReload.Observer observer;
    private final ActiveModel active;
    private final ReferenceScores references;
    private final Thread thread = new Thread(this::run, "model-watcher");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Backoff outage = new Backoff();
    private volatile Consumer<String, byte[]> consumer;

    /**
     * @param kafka client settings
     * @param active where the scorers go
     * @param references where the reports' histograms go
     * @param observer told of what becomes of models, and of records that are none
     */
    public ModelWatcher(
            Map<String, Object> kafka,
            SchemaIds ids,
            ActiveModel active,
            ReferenceScores references,
            ModelReload.Observer observer) {
        this.settings = new HashMap<>(kafka);
        this.settings.putAll(Map.of(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none"));
        this.settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        this.deserializer = new AvroDeserializer<>(ModelRecord.class, ids);
        this.active = active;
        this.references = references;
        this.observer = observer;
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** What keeps it from reading just now; empty if nothing does. */
    public Optional<String> fault() {
        return outage.reason();
    }

    /** Whether its thread has ended although nobody closed it: the JVM ran out of memory. */
    public boolean ended() {
        return thread.getState() == Thread.State.TERMINATED && !closing();
    }

    @Override
    public void close() {
        stopped.countDown();
        Consumer<String, byte[]> polling = consumer;
        if (polling != null) polling.wakeup();
        try {
            thread.join(PATIENCE_AT_CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean closing() {
        return stopped.getCount() == 0;
    }

    private void run() {
        ModelReload reload = new ModelReload(active, references, observer);
        OptionalLong position = OptionalLong.empty();
        boolean news = false;
        while (!closing()) {
            try (Consumer<String, byte[]> opened =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer = opened;
                opened.assign(Set.of(PARTITION));
                if (position.isPresent()) opened.seek(PARTITION, position.getAsLong());
                else opened.seekToBeginning(Set.of(PARTITION));
                while (!closing()) {
                    ConsumerRecords<String, byte[]> records = opened.poll(POLL);
                    for (ConsumerRecord<String, byte[]> record : records) {
                        apply(reload, record);
                        position = OptionalLong.of(record.offset() + 1);
                        news = true;
                    }
                    if (!records.isEmpty()) outage.over();
                    // A transaction's marker counts as lag, but comes as no record: what is new may have come with an
                    // earlier poll.
                    if (news && caughtUp(opened)) {
                        reload.settle();
                        news = false;
                    }
                }
            } catch (WakeupException e) {
                // closing
            } catch (InvalidOffsetException e) { // the topic is another one, or lost what was to come next
                reload = new ModelReload(active, references, observer);
                position = OptionalLong.empty();
                pause(e);
            } catch (RuntimeException e) {
                pause(e);
            }
        }
    }

    /** Old activations that are followed by a newer one need no scorer: only the last counts. */
    private static boolean caughtUp(Consumer<?, ?> consumer) {
        return consumer.currentLag(PARTITION).orElse(0) == 0;
    }

    private void apply(ModelReload reload, ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            observer.refused(
                    "record " + record.offset() + " of " + PARTITION.topic() + " has no key and is passed over");
            return;
        }
        try {
            reload.apply(record.key(), Optional.ofNullable(deserializer.deserialize(record.topic(), record.value())));
        } catch (SerializationException e) {
            observer.refused(
                    "record " + record.offset() + " of " + PARTITION.topic() + " is passed over: " + e.getMessage());
        }
    }

    private void pause(RuntimeException fault) {
        if (closing()) return;
        Backoff.Advice advice = outage.failed(fault instanceof KafkaException ? fault.getMessage() : fault.toString());
        if (advice.news())
            LOG.errorf(
                    "models cannot be read from %s, which is tried again until it succeeds: %s",
                    PARTITION.topic(), outage.reason().orElse(""));
        LOG.debug("the fault", fault);
        try {
            stopped.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
