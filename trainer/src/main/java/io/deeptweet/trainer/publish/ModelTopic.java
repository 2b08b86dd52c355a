// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.audit.AuditTopic;
import io.deeptweet.trainer.audit.ChangeOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

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

    private final TransactionalWriter writer;
    private final AvroSerializer<ModelRecord> encoder;
    private final ModelRecordReader reader;
    private final AuditTopic audit;
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
        this.writer = new TransactionalWriter(kafka);
        this.encoder = new AvroSerializer<>(ids);
        this.reader = new ModelRecordReader(kafka, ids, signatures);
        this.audit = new AuditTopic(Map.copyOf(kafka), ids);
        this.clock = clock;
        this.kept = kept;
        this.signatures = signatures;
    }

    /**
     * What was sent to publish or activate a model.
     *
     * @param version the model's version
     * @param from the version that was active before; empty if there was none
     * @param records number of records, tombstones included, without that of the audit; 0 if there was nothing to do
     * @param bytes size of the tensors among them, in bytes
     */
    public record Publication(String version, Optional<String> from, int records, long bytes) {}

    /** What is to be written would not be accepted: it must be signed, and there is no private key. */
    public static final class UnsignedChangeException extends KafkaException {
        private static final long serialVersionUID = 1;

        private UnsignedChangeException(String message) {
            super(message);
        }
    }

    /**
     * What the topic holds, up to the last committed transaction. Invalid records are skipped; the classifier counts
     * and logs them.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public ModelLog read() {
        return reader.read(new HashMap<>());
    }

    /**
     * As {@link #read}, but without the bytes of tensors, which may be more than fits into memory: it knows manifests
     * and activations only.
     *
     * @throws KafkaException as {@link #read}
     */
    public ModelLog readIndex() {
        return reader.readIndex(new HashMap<>());
    }

    /**
     * Why the last manifest or activation that counts as absent does, such as for want of a signature; empty if none
     * does.
     *
     * @throws KafkaException as {@link #read}
     */
    public Optional<String> lastRefusedRecord() {
        Map<String, String> refused = new LinkedHashMap<>();
        reader.readIndex(refused);
        return refused.values().stream().reduce((earlier, later) -> later);
    }

    /** Decodes records for who follows the topic. */
    ModelRecordReader reader() {
        return reader;
    }

    /**
     * Publishes a model, sending only the tensors that the topic lacks, and removes models that are
     * {@linkplain ModelLog#outdated outdated} by then. Every later reader of the topic sees it.
     *
     * @param activate whether it becomes the active model
     * @throws KafkaException if nothing was published: the broker or the registry did not answer, or other writers
     *     fenced this one
     */
    public Publication publish(PublishedModel model, boolean activate, ChangeOrigin origin) {
        return committed(
                () -> ModelChange.publish(read(), model, reason(activate, origin), kept, clock.instant()), origin);
    }

    /**
     * Sends what publishes and activates a model, as part of a transaction that the caller commits.
     *
     * @param log what the topic holds, read after the transaction began; is changed
     */
    public Publication publish(
            TransactionalWriter.Transaction transaction, ModelLog log, PublishedModel model, ChangeOrigin origin) {
        Instant now = clock.instant();
        return send(transaction, ModelChange.publish(log, model, reason(true, origin), kept, now), origin, now);
    }

    private static Optional<String> reason(boolean activate, ChangeOrigin origin) {
        return activate ? Optional.of(origin.reason()) : Optional.empty();
    }

    /**
     * Activates a published version.
     *
     * @param expected what must be so
     * @throws InvalidModelException if the topic does not hold that version completely, it cannot be loaded, or what is
     *     expected is not so
     * @throws KafkaException if nothing was changed: the broker or the registry did not answer, or other writers fenced
     *     this one
     */
    public Publication activate(String version, Expectation expected, ChangeOrigin origin)
            throws InvalidModelException {
        return change(
                (log, now) -> ModelChange.activate(log, version, origin.reason(), now),
                expected,
                Optional.of(version),
                origin);
    }

    /**
     * Activates the version that was active before the active one.
     *
     * @throws InvalidModelException if no version was active before, or as {@link #activate}
     * @throws KafkaException as {@link #activate}
     */
    public Publication rollBack(Expectation expected, ChangeOrigin origin) throws InvalidModelException {
        return change(
                (log, now) -> ModelChange.rollBack(log, origin.reason(), now), expected, Optional.empty(), origin);
    }

    /**
     * Activates the shadow.
     *
     * @throws InvalidModelException if no model is the shadow, or as {@link #activate}
     * @throws KafkaException as {@link #activate}
     */
    public Publication promote(Expectation expected, ChangeOrigin origin) throws InvalidModelException {
        return change((log, now) -> ModelChange.promote(log, origin.reason(), now), expected, Optional.empty(), origin);
    }

    /**
     * Runs a published version in shadow mode: it scores the same tweets as the active one, for comparison only.
     *
     * @throws InvalidModelException if it is active, or as {@link #activate}
     * @throws KafkaException as {@link #activate}
     */
    public Publication shadow(String version, ChangeOrigin origin) throws InvalidModelException {
        return change(
                (log, now) -> ModelChange.shadow(log, version, origin.reason(), now),
                Expectation.NONE,
                Optional.of(version),
                origin);
    }

    /**
     * Ends shadow mode, whichever version is the shadow.
     *
     * @throws InvalidModelException if no model is the shadow
     * @throws KafkaException as {@link #activate}
     */
    public Publication dropShadow(ChangeOrigin origin) throws InvalidModelException {
        return change((log, now) -> ModelChange.dropShadow(log), Expectation.NONE, Optional.empty(), origin);
    }

    private interface Decision {
        ModelChange of(ModelLog log, Instant now) throws InvalidModelException;
    }

    /** @param named the version that the request names, if it does */
    private Publication change(Decision decision, Expectation expected, Optional<String> named, ChangeOrigin origin)
            throws InvalidModelException {
        return committed(
                () -> {
                    Map<String, String> refused = new HashMap<>();
                    ModelLog log = reader.read(refused);
                    Optional<String> fault = named.map(ModelLog::manifestKey).map(refused::get);
                    if (fault.isPresent())
                        throw new InvalidModelException("model " + named.get() + " is refused: " + fault.get());
                    ModelChange change = decision.of(log, clock.instant());
                    expected.check(change);
                    return change;
                },
                origin);
    }

    /**
     * Commits what is decided once no other writer can change the topic. One at a time: the requests of this process
     * would fence each other.
     */
    private <E extends Exception> Publication committed(
            TransactionalWriter.Attempt<ModelChange, E> decision, ChangeOrigin origin) throws E {
        synchronized (writer) {
            return TransactionalWriter.untilNotFenced(() -> {
                try (TransactionalWriter.Transaction transaction = writer.begin()) {
                    return commit(transaction, decision.run(), origin);
                }
            });
        }
    }

    /** Commits a change; if the broker does not say whether it did, reads the topic to find out. */
    private Publication commit(TransactionalWriter.Transaction transaction, ModelChange change, ChangeOrigin origin) {
        Publication publication = send(transaction, change, origin, clock.instant());
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

    private Publication send(
            TransactionalWriter.Transaction transaction, ModelChange change, ChangeOrigin origin, Instant now) {
        if (signatures.areRequired() && signatures.privateKey().isEmpty())
            throw new UnsignedChangeException("models must be signed, and there is no private key: set"
                    + " deeptweet.models.signing-key-file (DEEPTWEET_MODELS_SIGNING_KEY_FILE)");
        change.records()
                .forEach((key, record) ->
                        transaction.send(record(key, encoder.serialize(Topics.MODELS.name(), record.orElse(null)))));
        if (!change.records().isEmpty())
            transaction.send(audit.record(
                    change.action(), Optional.of(change.version()), change.from(), change.to(), origin, now));
        return new Publication(change.version(), change.from(), change.records().size(), change.tensorBytes());
    }

    private ProducerRecord<byte[], byte[]> record(String key, byte[] value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topics.MODELS.name(), PARTITION, key.getBytes(StandardCharsets.UTF_8), value);
        signatures.sign(key, value, record.headers());
        return record;
    }
}
