// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.publish;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.published.InvalidModelException;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * The topic {@code sentiment.models}, to read and to publish on: each change is one transaction.
 *
 * <p>All that publish use one transactional id, so of two at work at once the broker fences the first, and what it had
 * begun is never seen.
 */
public final class ModelTopic {
    private static final String TRANSACTIONAL_ID = "deeptweet-model-publisher";
    private static final TopicPartition PARTITION = new TopicPartition(Topics.MODELS.name(), 0);
    private static final Duration POLL = Duration.ofMillis(500);

    /** How many models are kept if nobody says otherwise. */
    public static final int KEPT = 10;

    private final Map<String, Object> kafka;
    private final SchemaIds ids;
    private final AvroSerializer<ModelRecord> encoder;
    private final Duration patience;
    private final Clock clock;
    private final int kept;

    /** Keeps the {@value #KEPT} newest models. */
    public ModelTopic(Map<String, ?> kafka, Clock clock) {
        this(kafka, clock, KEPT);
    }

    /**
     * @param kafka client settings: {@code bootstrap.servers}, {@code schema.registry.url}, security
     * @param kept how many of the newest models a publication leaves; more only as {@link ModelLog#outdated} says
     */
    public ModelTopic(Map<String, ?> kafka, Clock clock, int kept) {
        if (kept < 1) throw new IllegalArgumentException("at least 1 model is kept, not " + kept);
        this.kept = kept;
        this.kafka = Map.copyOf(kafka);
        this.ids = SchemaIds.ofRegistry(kafka);
        this.encoder = new AvroSerializer<>(ids);
        this.patience = timeout(this.kafka);
        this.clock = clock;
    }

    /**
     * What was sent to publish a model.
     *
     * @param version the model's version
     * @param records how many records, those that take others back included; 0 if nothing was to be done
     * @param bytes how many bytes of tensors among them
     */
    public record Publication(String version, int records, long bytes) {}

    /**
     * What the topic holds, up to the last committed transaction. A record that does not belong there is passed over.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public ModelLog read() {
        try (Consumer<String, byte[]> consumer = consumer()) {
            consumer.seekToBeginning(Set.of(PARTITION));
            long end = consumer.endOffsets(Set.of(PARTITION), patience).get(PARTITION);
            AvroDeserializer<ModelRecord> decoder = new AvroDeserializer<>(ModelRecord.class, ids);
            ModelLog log = new ModelLog();
            long deadline = System.nanoTime() + patience.toNanos();
            while (consumer.position(PARTITION, patience) < end) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    deadline = System.nanoTime() + patience.toNanos();
                    try {
                        log.apply(
                                record.key(), Optional.ofNullable(decoder.deserialize(record.topic(), record.value())));
                    } catch (SerializationException | InvalidModelException e) {
                        // A stranger's record is no reason not to see the others; the classifier counts and names it.
                    }
                }
                if (System.nanoTime() > deadline)
                    throw new TimeoutException("no more records of " + PARTITION + " came for " + patience);
            }
            return log;
        }
    }

    private Consumer<String, byte[]> consumer() {
        Consumer<String, byte[]> consumer = new KafkaConsumer<>(
                with(Map.of(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false)),
                new StringDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(Set.of(PARTITION));
        return consumer;
    }

    /**
     * Publishes a model, sending only the tensors that the topic lacks, activates it if a reason is given, and takes
     * back those that are {@linkplain ModelLog#outdated outdated} by then. Whoever reads the topic after this returned
     * sees it.
     *
     * @throws KafkaException if nothing was published: the broker or the registry did not answer, or another publisher
     *     fenced us
     */
    public Publication publish(PublishedModel model, Optional<String> activateBecause) {
        return inTransaction(log -> new Change(model.version(), records(log, model, activateBecause)));
    }

    private Map<String, ModelRecord> records(ModelLog log, PublishedModel model, Optional<String> activateBecause) {
        Map<String, ModelRecord> records = new LinkedHashMap<>();
        boolean there = log.manifests().stream()
                .anyMatch(manifest -> manifest.getVersion().equals(model.version())
                        && manifest.getHeader().equals(model.header())
                        && log.completeTensors()
                                .containsAll(model.tensors().stream()
                                        .map(PublishedModel.Tensor::sha256)
                                        .toList()));
        if (!there) records.putAll(model.records(log.completeTensors(), clock.instant()));
        activateBecause.ifPresent(reason -> records.putAll(activation(log, model.version(), reason)));
        if (!records.isEmpty()) records.putAll(outdated(log, records));
        return records;
    }

    /**
     * What is committed together with a model, or alone.
     *
     * @param records on other topics, made once it is known what is sent; at least one
     * @param consumed what the group has consumed with it
     * @param group a member of the group; if it no longer is, nothing is committed
     */
    public record Beside(
            Function<Publication, List<ProducerRecord<byte[], byte[]>>> records,
            Map<TopicPartition, OffsetAndMetadata> consumed,
            ConsumerGroupMetadata group) {}

    /** A model was not published, for it is no longer its parent that scores. */
    public static final class ActiveChangedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private ActiveChangedException(String parent, String active) {
            super("another model was activated meanwhile: " + active + " instead of " + parent);
        }
    }

    /**
     * Publishes and activates a model as the other method does, and commits what goes with it in the same transaction;
     * without a model, commits that alone.
     *
     * @param because why the model is activated
     * @throws ActiveChangedException if the model's parent is no longer active: nothing was committed
     * @throws KafkaException as the other method, or if the group has another member in our place
     */
    public Publication publish(Optional<PublishedModel> model, String because, Beside beside) {
        return inTransaction(
                model.<Decision<RuntimeException>>map(tuned -> log -> {
                    String parent = tuned.parent().orElse("");
                    if (!isActive(log, parent))
                        throw new ActiveChangedException(
                                parent,
                                log.activation().map(Activation::getVersion).orElse("none"));
                    return new Change(tuned.version(), records(log, tuned, Optional.of(because)));
                }),
                Optional.of(beside));
    }

    /** Ends what a publisher had begun when it was killed; one that is at work now fails and publishes nothing. */
    public void fence() {
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
        }
    }

    /**
     * Makes a published version the one that scores.
     *
     * @throws InvalidModelException if the topic does not hold that version whole
     * @throws KafkaException if nothing was changed: the broker or the registry did not answer, or another publisher
     *     fenced us
     */
    public Publication activate(String version, String reason) throws InvalidModelException {
        return inTransaction(log -> activated(log, version, reason));
    }

    /**
     * Lets a published version score the same tweets as the active one, for comparison only.
     *
     * @throws InvalidModelException if the topic does not hold that version whole, or it is active
     * @throws KafkaException as {@link #activate}
     */
    public Publication shadow(String version, String reason) throws InvalidModelException {
        return inTransaction(log -> {
            log.model(version);
            if (isActive(log, version))
                throw new InvalidModelException("model " + version + " is active: it needs no shadow of itself");
            return new Change(
                    version,
                    isShadow(log, version)
                            ? Map.of()
                            : Map.of(
                                    ModelLog.SHADOW,
                                    new ModelRecord(new Activation(version, clock.instant(), reason))));
        });
    }

    /**
     * Ends the shadow, whichever version it is.
     *
     * @throws InvalidModelException if there is none
     * @throws KafkaException as {@link #activate}
     */
    public Publication dropShadow() throws InvalidModelException {
        return inTransaction(log -> new Change(shadowOf(log), Collections.singletonMap(ModelLog.SHADOW, null)));
    }

    /**
     * Makes the shadow the version that scores.
     *
     * @throws InvalidModelException if there is no shadow, or the topic does not hold it whole
     * @throws KafkaException as {@link #activate}
     */
    public Publication promote(String reason) throws InvalidModelException {
        return inTransaction(log -> activated(log, shadowOf(log), reason));
    }

    private static String shadowOf(ModelLog log) throws InvalidModelException {
        return log.shadow()
                .map(Activation::getVersion)
                .orElseThrow(() -> new InvalidModelException("no model is the shadow: begin with the command shadow"));
    }

    private static boolean isActive(ModelLog log, String version) {
        return log.activation()
                .filter(activation -> activation.getVersion().equals(version))
                .isPresent();
    }

    private static boolean isShadow(ModelLog log, String version) {
        return log.shadow()
                .filter(shadow -> shadow.getVersion().equals(version))
                .isPresent();
    }

    private Change activated(ModelLog log, String version, String reason) throws InvalidModelException {
        log.model(version);
        return new Change(version, activation(log, version, reason));
    }

    /** If that version was the shadow, it no longer is. */
    private Map<String, ModelRecord> activation(ModelLog log, String version, String reason) {
        Map<String, ModelRecord> records = new LinkedHashMap<>();
        if (isActive(log, version)) return records;
        records.put(ModelLog.ACTIVE, new ModelRecord(new Activation(version, clock.instant(), reason)));
        if (isShadow(log, version)) records.put(ModelLog.SHADOW, null);
        return records;
    }

    /** Tombstones, by key, for what is not kept once these records are published. */
    private Map<String, ModelRecord> outdated(ModelLog log, Map<String, ModelRecord> records) {
        records.forEach((key, record) -> apply(log, key, record));
        Map<String, ModelRecord> tombstones = new LinkedHashMap<>();
        log.outdated(kept).forEach(key -> tombstones.put(key, null));
        return tombstones;
    }

    private static void apply(ModelLog log, String key, ModelRecord record) {
        try {
            log.apply(key, Optional.ofNullable(record));
        } catch (InvalidModelException e) {
            throw new IllegalStateException("our own records have their own keys", e);
        }
    }

    /** Records of a version by key; null takes the key back. */
    private record Change(String version, Map<String, ModelRecord> records) {}

    private interface Decision<E extends Exception> {
        Change of(ModelLog log) throws E;
    }

    private <E extends Exception> Publication inTransaction(Decision<E> decision) throws E {
        return inTransaction(Optional.of(decision), Optional.empty());
    }

    /**
     * Reads the log once no other publisher can change it, and sends what is decided, and what goes with it: all or
     * nothing.
     */
    private <E extends Exception> Publication inTransaction(Optional<Decision<E>> decision, Optional<Beside> beside)
            throws E {
        try (Producer<byte[], byte[]> producer = producer()) {
            producer.initTransactions();
            Change change = decision.isPresent() ? decision.get().of(read()) : new Change("", Map.of());
            Map<String, ModelRecord> records = change.records();
            Publication sent = new Publication(
                    change.version(),
                    records.size(),
                    records.values().stream().mapToLong(ModelTopic::tensorBytes).sum());
            if (records.isEmpty() && beside.isEmpty()) return sent;
            producer.beginTransaction();
            Map<String, Future<RecordMetadata>> last = new HashMap<>(); // by topic
            try {
                for (Map.Entry<String, ModelRecord> record : records.entrySet())
                    last.put(
                            PARTITION.topic(),
                            producer.send(new ProducerRecord<>(
                                    PARTITION.topic(),
                                    PARTITION.partition(),
                                    record.getKey().getBytes(StandardCharsets.UTF_8),
                                    encoder.serialize(PARTITION.topic(), record.getValue()))));
                if (beside.isPresent()) {
                    for (ProducerRecord<byte[], byte[]> record :
                            beside.get().records().apply(sent)) last.put(record.topic(), producer.send(record));
                    producer.sendOffsetsToTransaction(
                            beside.get().consumed(), beside.get().group());
                }
                producer.commitTransaction();
            } catch (ProducerFencedException e) {
                throw new KafkaException(
                        "another trainer or command publishes on " + PARTITION.topic()
                                + " just now: nothing was published; try again",
                        e);
            } catch (KafkaException e) {
                try {
                    producer.abortTransaction();
                } catch (KafkaException aborting) { // the broker will, after the transaction's timeout
                    e.addSuppressed(aborting);
                }
                throw e;
            }
            last.values().forEach(this::awaitVisible);
            return sent;
        }
    }

    /**
     * The broker answers a commit before it has marked the partitions: until then nobody sees the transaction's
     * records.
     */
    private void awaitVisible(Future<RecordMetadata> last) {
        try (Consumer<String, byte[]> consumer = consumer()) {
            TopicPartition partition =
                    new TopicPartition(last.get().topic(), last.get().partition());
            consumer.assign(Set.of(partition));
            consumer.seek(partition, last.get().offset());
            long deadline = System.nanoTime() + patience.toNanos();
            while (consumer.poll(POLL).isEmpty())
                if (System.nanoTime() > deadline)
                    throw new TimeoutException("the change of " + partition.topic()
                            + " was committed, but the broker did not show it within " + patience);
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static long tensorBytes(ModelRecord record) {
        return record != null && record.getContent() instanceof TensorChunk chunk
                ? chunk.getBytes().remaining()
                : 0;
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                with(Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        TRANSACTIONAL_ID,
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.ACKS_CONFIG,
                        "all")),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private Map<String, Object> with(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(kafka);
        // These are ours to set, whatever a shared properties file says.
        for (String serde :
                List.of("key.serializer", "value.serializer", "key.deserializer", "value.deserializer", "group.id"))
            all.remove(serde);
        all.putAll(settings);
        return all;
    }

    private static Duration timeout(Map<String, Object> kafka) {
        Object timeout = kafka.get(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return Duration.ofMillis(timeout == null ? 60_000 : Long.parseLong(timeout.toString()));
    }
}
