// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The topic {@code sentiment.models}: reads what it holds, and publishes and activates models. Each change is one
 * transaction of {@link TransactionalWriter}, decided from what the topic holds once no other writer can change it.
 */
public final class ModelTopic {
    /** How many of the newest models are kept by default. */
    public static final int KEPT = 10;

    private static final int PARTITION = 0;
    private static final String NOT_COMMITTED =
            "Kafka did not acknowledge the commit in time, and the topic shows that nothing was changed for model %s:"
                    + " try again";
    private static final String UNKNOWN =
            "Kafka did not acknowledge the commit in time, and the topic cannot be read: it is unknown whether the"
                    + " change of model %s was committed. See the command models, then try again: what was committed"
                    + " is not sent twice";

    private final Map<String, Object> kafka;
    private final TransactionalWriter writer;
    private final AvroSerializer<ModelRecord> encoder;
    private final AvroDeserializer<ModelRecord> decoder;
    private final Clock clock;
    private final int kept;
    private final ModelSignatures signatures;

    /** A topic whose publications keep the {@value #KEPT} newest models. */
    public ModelTopic(Map<String, ?> kafka, Clock clock) {
        this(kafka, clock, KEPT);
    }

    /**
     * @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security
     * @param kept how many of the newest models a publication leaves on the topic, at least 1; more only as
     *     {@link ModelLog#outdated} says
     */
    public ModelTopic(Map<String, ?> kafka, Clock clock, int kept) {
        this(kafka, SchemaIds.ofRegistry(kafka), clock, kept, ModelSignatures.NONE);
    }

    /**
     * As the other constructor, with schema ids that other clients of this process share.
     *
     * @param signatures sign what is written; what must be signed and is not counts as absent
     */
    public ModelTopic(Map<String, ?> kafka, SchemaIds ids, Clock clock, int kept, ModelSignatures signatures) {
        if (kept < 1) throw new IllegalArgumentException("at least 1 model must be kept, not " + kept);
        this.kafka = Map.copyOf(kafka);
        this.writer = new TransactionalWriter(kafka);
        this.encoder = new AvroSerializer<>(ids);
        this.decoder = new AvroDeserializer<>(ModelRecord.class, ids);
        this.clock = clock;
        this.kept = kept;
        this.signatures = signatures;
    }

    /**
     * What was sent to publish or activate a model.
     *
     * @param version the model's version
     * @param records number of records, tombstones included; 0 if there was nothing to do
     * @param bytes size of the tensors among them, in bytes
     */
    public record Publication(String version, int records, long bytes) {}

    /**
     * What the topic holds, up to the last committed transaction. Invalid records are skipped; the classifier counts
     * and logs them.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public ModelLog read() {
        ModelLog log = emptyLog();
        CommittedReader.readAll(kafka, Topics.MODELS, record -> apply(record, log));
        return log;
    }

    /**
     * As {@link #read}, but without the bytes of tensors, which may be more than fits into memory: it knows manifests
     * and activations only.
     *
     * @throws KafkaException as {@link #read}
     */
    public ModelLog readIndex() {
        ModelLog log = emptyLog();
        CommittedReader.readAll(kafka, Topics.MODELS, record -> index(record, log));
        return log;
    }

    /** A log for {@link #index}. */
    ModelLog emptyLog() {
        return new ModelLog(signatures.areRequired());
    }

    /** Applies a record unless it holds a part of a tensor. */
    void index(ConsumerRecord<byte[], byte[]> record, ModelLog log) {
        if (record.key() != null && !ModelLog.isChunkKey(new String(record.key(), StandardCharsets.UTF_8)))
            apply(record, log);
    }

    /**
     * Why a manifest or an activation that the topic holds counts as absent, such as a missing signature; empty if none
     * does.
     *
     * @throws KafkaException as {@link #read}
     */
    public Optional<String> anyRefusedRecord() {
        ModelLog log = emptyLog();
        AtomicReference<String> refused = new AtomicReference<>();
        CommittedReader.readAll(kafka, Topics.MODELS, record -> {
            if (record.key() == null || record.value() == null) return;
            if (!ModelLog.isChunkKey(new String(record.key(), StandardCharsets.UTF_8)))
                apply(record, log, e -> refused.set(e.getMessage()));
        });
        return Optional.ofNullable(refused.get());
    }

    /** An invalid record must not hide the valid ones. */
    private void apply(ConsumerRecord<byte[], byte[]> record, ModelLog log) {
        apply(record, log, invalid -> {});
    }

    private void apply(ConsumerRecord<byte[], byte[]> record, ModelLog log, Consumer<Exception> invalid) {
        if (record.key() == null) return;
        String key = new String(record.key(), StandardCharsets.UTF_8);
        try {
            signatures.check(key, record.value(), record.headers());
            log.apply(key, Optional.ofNullable(decoder.deserialize(record.topic(), record.value())));
        } catch (SerializationException | InvalidModelException e) {
            invalid.accept(e);
        }
    }

    /**
     * Publishes a model, sending only the tensors that the topic lacks, activates it if a reason is given, and removes
     * models that are {@linkplain ModelLog#outdated outdated} by then. Every later reader of the topic sees it.
     *
     * @throws KafkaException if nothing was published: the broker or the registry did not answer, or another writer
     *     fenced this one
     */
    public Publication publish(PublishedModel model, Optional<String> activationReason) {
        try (TransactionalWriter.Transaction transaction = writer.begin()) {
            ModelChange change = ModelChange.publish(read(), model, activationReason, kept, clock.instant());
            return commit(transaction, change);
        }
    }

    /**
     * Sends what publishes a model, as part of a transaction that the caller commits.
     *
     * @param log what the topic holds, read after the transaction began; is changed
     */
    public Publication publish(
            TransactionalWriter.Transaction transaction,
            ModelLog log,
            PublishedModel model,
            Optional<String> activationReason) {
        return send(transaction, ModelChange.publish(log, model, activationReason, kept, clock.instant()));
    }

    /**
     * Activates a published version.
     *
     * @throws InvalidModelException if the topic does not hold that version completely
     * @throws KafkaException if nothing was changed: the broker or the registry did not answer, or another writer
     *     fenced this one
     */
    public Publication activate(String version, String reason) throws InvalidModelException {
        return commit((log, now) -> ModelChange.activate(log, version, reason, now));
    }

    /**
     * Runs a published version in shadow mode: it scores the same tweets as the active one, for comparison only.
     *
     * @throws InvalidModelException if the topic does not hold that version completely, or it is active
     * @throws KafkaException as {@link #activate}
     */
    public Publication shadow(String version, String reason) throws InvalidModelException {
        return commit((log, now) -> ModelChange.shadow(log, version, reason, now));
    }

    /**
     * Ends shadow mode, whichever version is the shadow.
     *
     * @throws InvalidModelException if no model is the shadow
     * @throws KafkaException as {@link #activate}
     */
    public Publication dropShadow() throws InvalidModelException {
        return commit((log, now) -> ModelChange.dropShadow(log));
    }

    /**
     * Activates the shadow.
     *
     * @throws InvalidModelException if no model is the shadow, or the topic does not hold it completely
     * @throws KafkaException as {@link #activate}
     */
    public Publication promote(String reason) throws InvalidModelException {
        return commit((log, now) -> ModelChange.promote(log, reason, now));
    }

    private interface Decision {
        ModelChange of(ModelLog log, Instant now) throws InvalidModelException;
    }

    private Publication commit(Decision decision) throws InvalidModelException {
        try (TransactionalWriter.Transaction transaction = writer.begin()) {
            return commit(transaction, decision.of(read(), clock.instant()));
        }
    }

    /** Commits a change; if the broker does not say whether it did, reads the topic to find out. */
    private Publication commit(TransactionalWriter.Transaction transaction, ModelChange change) {
        Publication publication = send(transaction, change);
        if (publication.records() == 0) return publication;
        try {
            transaction.commit();
        } catch (TransactionalWriter.UnknownOutcomeException e) {
            if (!wasCommitted(change, e)) throw new KafkaException(NOT_COMMITTED.formatted(change.version()), e);
        }
        return publication;
    }

    private boolean wasCommitted(ModelChange change, TransactionalWriter.UnknownOutcomeException failure) {
        try {
            writer.fence(); // completes or aborts the transaction, so that what is read now stays true
            return change.isIn(readIndex());
        } catch (KafkaException e) {
            failure.addSuppressed(e);
            throw new KafkaException(UNKNOWN.formatted(change.version()), failure);
        }
    }

    private Publication send(TransactionalWriter.Transaction transaction, ModelChange change) {
        if (signatures.areRequired() && signatures.privateKey().isEmpty())
            throw new KafkaException("models must be signed, and there is no private key: set"
                    + " deeptweet.models.signing-key-file (DEEPTWEET_MODELS_SIGNING_KEY_FILE)");
        change.records()
                .forEach((key, record) ->
                        transaction.send(record(key, encoder.serialize(Topics.MODELS.name(), record.orElse(null)))));
        return new Publication(change.version(), change.records().size(), change.tensorBytes());
    }

    private ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.MODELS.name(), PARTITION, key.getBytes(StandardCharsets.UTF_8), value);
        signatures.sign(key, value, record.headers());
        return record;
    }
}
