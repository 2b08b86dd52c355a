// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.service.retry.Backoff;
import io.deeptweet.service.retry.ReaderThread;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads {@code sentiment.models} from its start, on its own thread, for as long as the service runs. Every instance
 * reads the whole topic, so there is no consumer group. A fault is logged, shown by {@link #fault()}, and retried.
 */
public final class ModelWatcher implements AutoCloseable {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    /** Short, because a classifier that has just started scores nothing before it has read a model. */
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final AvroDeserializer<ModelRecord> deserializer;
    private final ModelSignatures signatures;
    private final ModelReloader.Observer observer;
    private final ActiveModel active;
    private final ModelReferences references;
    /** Used by the watcher's thread only. */
    private final ModelReloader reloader;

    private final ReaderThread<String> thread;
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
        Map<String, Object> settings = CommittedReader.settings(kafka);
        // A position that is no longer valid must show: the topic was created again.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.deserializer = new AvroDeserializer<>(ModelRecord.class, ids);
        this.signatures = signatures;
        this.active = active;
        this.references = references;
        this.observer = observer;
        this.reloader = new ModelReloader(newLog(), active, references, observer);
        this.thread = new ReaderThread<>(
                "model-watcher",
                "models cannot be read from " + PARTITION.topic(),
                new Backoff(SHORTEST_WAIT, LONGEST_WAIT),
                () -> new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer()),
                this::follow);
    }

    public void start() {
        thread.start();
    }

    /** Returns the fault that keeps it from reading; empty if there is none. */
    public Optional<String> fault() {
        return thread.fault();
    }

    @Override
    public void close() {
        thread.close();
    }

    private void follow(Consumer<String, byte[]> consumer) {
        try {
            apply(consumer);
        } catch (InvalidOffsetException e) { // the topic was created again, or has lost the next record
            reloader.reset(newLog());
            position = OptionalLong.empty();
            throw e;
        }
    }

    private void apply(Consumer<String, byte[]> consumer) {
        consumer.assign(Set.of(PARTITION));
        if (position.isPresent()) consumer.seek(PARTITION, position.getAsLong());
        else consumer.seekToBeginning(Set.of(PARTITION));
        while (!thread.isClosing()) {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<String, byte[]> record : records) {
                apply(record);
                position = OptionalLong.of(record.offset() + 1);
                unsettled = true;
            }
            if (!records.isEmpty()) thread.succeeded();
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
}
