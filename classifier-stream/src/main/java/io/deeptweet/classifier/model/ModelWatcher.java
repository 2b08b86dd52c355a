// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import java.time.Duration;
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
 * Reads {@code sentiment.models} from its start, on its own thread, for as long as the service runs. Every instance
 * reads the whole topic, so there is no consumer group. A fault is logged, shown by {@link #fault()}, and retried.
 */
public final class ModelWatcher implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ModelWatcher.class);
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Map<String, Object> settings;
    private final AvroDeserializer<ModelRecord> deserializer;
    private final ModelSignatures signatures;
    private final ModelReloader.Observer observer;
    private final ActiveModel active;
    private final ModelReferences references;
    /** Used by the watcher's thread only. */
    private final ModelReloader reloader;

    private final Thread thread = new Thread(this::run, "model-watcher");
    private final CountDownLatch closing = new CountDownLatch(1);
    /** Short, because a classifier that has just started scores nothing before it has read a model. */
    private final Backoff backoff = new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10));

    private volatile Optional<Consumer<String, byte[]>> polling = Optional.empty();
    // Used by the watcher's thread only.
    private OptionalLong position = OptionalLong.empty();
    private boolean unsettled;

    /**
     * Prepares the watcher; {@link #start()} starts it.
     *
     * @param kafka client settings
     * @param ids the schema ids
     * @param signatures what must be signed and is not is ignored
     * @param active receives the scorers
     * @param references receives the histograms of the models' reports
     * @param observer is notified of what happens to models, and of invalid records
     */
    public ModelWatcher(
            Map<String, Object> kafka,
            SchemaIds ids,
            ModelSignatures signatures,
            ActiveModel active,
            ModelReferences references,
            ModelReloader.Observer observer) {
        this.settings = CommittedReader.settings(kafka);
        // A position that is no longer valid must show: the topic was created again.
        this.settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.deserializer = new AvroDeserializer<>(ModelRecord.class, ids);
        this.signatures = signatures;
        this.active = active;
        this.references = references;
        this.observer = observer;
        this.reloader = new ModelReloader(newLog(), active, references, observer);
        thread.setDaemon(true);
    }

    public void start() {
        thread.start();
    }

    /** Returns the fault that keeps it from reading; empty if there is none. */
    public Optional<String> fault() {
        return backoff.fault();
    }

    @Override
    public void close() {
        closing.countDown();
        polling.ifPresent(Consumer::wakeup);
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        while (!isClosing()) {
            try (Consumer<String, byte[]> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
                polling = Optional.of(consumer);
                follow(consumer);
            } catch (WakeupException e) {
                // closing
            } catch (InvalidOffsetException e) { // the topic was created again, or has lost the next record
                reloader.reset(newLog());
                position = OptionalLong.empty();
                pause(e);
            } catch (RuntimeException | Error e) { // the service must not stop following models
                pause(e);
            }
        }
    }

    private void follow(Consumer<String, byte[]> consumer) {
        consumer.assign(Set.of(PARTITION));
        if (position.isPresent()) consumer.seek(PARTITION, position.getAsLong());
        else consumer.seekToBeginning(Set.of(PARTITION));
        while (!isClosing()) {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<String, byte[]> record : records) {
                apply(record);
                position = OptionalLong.of(record.offset() + 1);
                unsettled = true;
            }
            if (!records.isEmpty()) backoff.succeeded();
            // The marker of a transaction counts as lag but is not returned as a record, so the last record may have
            // come with an earlier poll.
            if ((unsettled || active.isFailing()) && hasCaughtUp(consumer)) {
                reloader.settle();
                unsettled = false;
            }
        }
    }

    private ModelLog newLog() {
        return new ModelLog(signatures.areRequired());
    }

    /** Activations that are followed by a newer one need no scorer: only the last counts. */
    private static boolean hasCaughtUp(Consumer<?, ?> consumer) {
        return consumer.currentLag(PARTITION).orElse(0) == 0;
    }

    private void apply(ConsumerRecord<String, byte[]> record) {
        if (record.key() == null) {
            ignore(record, "it has no key");
            return;
        }
        try {
            signatures.check(record.key(), record.value(), record.headers());
            reloader.apply(record.key(), Optional.ofNullable(deserializer.deserialize(record.topic(), record.value())));
        } catch (SerializationException | InvalidModelException e) {
            ignore(record, e.getMessage());
        }
    }

    private void ignore(ConsumerRecord<?, ?> record, String reason) {
        observer.refused("record " + record.offset() + " of " + PARTITION.topic() + " is ignored: " + reason);
    }

    private void pause(Throwable fault) {
        if (isClosing()) return;
        String reason = fault instanceof KafkaException ? fault.getMessage() : fault.toString();
        Backoff.Advice advice = backoff.failed(reason);
        if (advice.isNew())
            LOG.errorf(
                    "models cannot be read from %s; retrying until it succeeds: %s",
                    PARTITION.topic(), UntrustedText.oneLine(reason));
        LOG.debug("the fault", fault);
        try {
            closing.await(advice.pause().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
