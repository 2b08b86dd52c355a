// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.client.IdempotentProducer;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes what the classifier reads, and reads what it has written. */
final class TestTopics implements AutoCloseable {
    private final String bootstrapServers;
    private final SchemaIds ids;
    private final AvroSerializer<Tweet> tweets;
    private final AvroSerializer<ModelRecord> models;
    private final Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private ModelSignatures signatures = ModelSignatures.NONE;

    /** Those of a broker and a registry that a test has started itself. */
    TestTopics(String bootstrapServers, String registryUrl) {
        this.bootstrapServers = bootstrapServers;
        ids = SchemaIds.ofRegistry(Map.of("schema.registry.url", registryUrl));
        tweets = new AvroSerializer<>(ids);
        models = new AvroSerializer<>(ids);
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        producer = producer();
    }

    /** Deletes the topics that another test has left on the shared broker. No classifier may be running. */
    static TestTopics empty() {
        TestTopics topics = new TestTopics(
                LocalKafka.shared().bootstrapServers(), LocalKafka.shared().registryUrl());
        await(topics.admin
                .deleteTopics(await(topics.admin.listTopics().names()))
                .all());
        return topics;
    }

    private KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                IdempotentProducer.settings(Map.of("bootstrap.servers", bootstrapServers)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Learns the partitions of the topics anew, which otherwise takes the producer minutes. */
    void forgetPartitions() {
        producer.close();
        producer = producer();
    }

    Admin admin() {
        return admin;
    }

    SchemaIds ids() {
        return ids;
    }

    /** Sends these tweets and waits until they are written. */
    void send(List<Tweet> sent) {
        List<Future<RecordMetadata>> written = new ArrayList<>();
        for (Tweet tweet : sent) written.add(sendBytes(tweet.getId().getBytes(UTF_8), bytes(tweet)));
        written.forEach(TestTopics::await);
    }

    byte[] bytes(Tweet tweet) {
        return tweets.serialize(Topics.RAW.name(), tweet);
    }

    Future<RecordMetadata> sendBytes(byte[] key, byte[] value) {
        return sendBytes(Topics.RAW.name(), key, value);
    }

    Future<RecordMetadata> sendBytes(String topic, byte[] key, byte[] value) {
        return producer.send(new ProducerRecord<>(topic, key, value));
    }

    /** Signs what is published from now on. */
    void signWith(ModelSignatures signing) {
        signatures = signing;
    }

    /** Publishes a model and activates it, in one transaction. */
    void publish(PublishedModel model) {
        publish(model.version(), model.records(Set.of(), Instant.now()));
    }

    /** Publishes these records of a model and activates it, in one transaction. */
    void publish(String version, Map<String, ModelRecord> records) {
        Map<String, ModelRecord> all = new LinkedHashMap<>(records);
        all.put(ModelLog.ACTIVE, activation(version));
        commit(all);
    }

    /** Writes these records of the model topic in one transaction, null for a tombstone. */
    void commit(Map<String, ModelRecord> records) {
        begin(records).run();
    }

    /** Sends these records of the model topic, null for a tombstone, and returns the commit of their transaction. */
    Runnable begin(Map<String, ModelRecord> records) {
        KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "test-models"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        transactional.initTransactions();
        transactional.beginTransaction();
        List<Future<RecordMetadata>> written = new ArrayList<>();
        records.forEach((key, model) -> {
            byte[] value = models.serialize(Topics.MODELS.name(), model);
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(Topics.MODELS.name(), key.getBytes(UTF_8), value);
            signatures.sign(key, value, record.headers());
            written.add(transactional.send(record));
        });
        written.forEach(TestTopics::await);
        return () -> {
            transactional.commitTransaction();
            transactional.close();
        };
    }

    static ModelRecord activation(String version) {
        return new ModelRecord(new Activation(version, Instant.now(), "test", null));
    }

    /**
     * A committed record.
     *
     * @param key UTF-8, as all of our keys
     */
    record Committed(String key, byte[] value, int partition, Headers headers) {}

    /** Returns all committed records of a topic. */
    List<Committed> read(Topic topic) {
        List<Committed> records = new ArrayList<>();
        CommittedReader.readAll(
                Map.of("bootstrap.servers", bootstrapServers),
                topic,
                record -> records.add(new Committed(
                        new String(record.key(), UTF_8), record.value(), record.partition(), record.headers())));
        return records;
    }

    /** Returns the committed values of a topic. */
    <T extends SpecificRecord> List<T> values(Topic topic, Class<T> type) {
        AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, ids);
        return read(topic).stream()
                .map(record -> deserializer.deserialize(topic.name(), record.value()))
                .toList();
    }

    /** Returns the scored tweets whose ids start with a prefix. */
    List<ScoredTweet> scored(String prefix) {
        return values(Topics.SCORED, ScoredTweet.class).stream()
                .filter(tweet -> tweet.getId().startsWith(prefix))
                .toList();
    }

    /** Returns the last value of each key. */
    <T extends SpecificRecord> Map<String, T> last(Topic topic, Class<T> type) {
        AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, ids);
        Map<String, T> last = new HashMap<>();
        read(topic).forEach(record -> last.put(record.key(), deserializer.deserialize(topic.name(), record.value())));
        return last;
    }

    /** Returns the last value of each window. */
    Map<String, SentimentWindow> windows() {
        return last(Topics.WINDOWS, SentimentWindow.class);
    }

    /** Returns how many tweets the windows of a size count together. */
    long counted(Duration size) {
        return windows().entrySet().stream()
                .filter(window -> window.getKey().contains("/" + size + "/"))
                .mapToLong(window -> window.getValue().getCount())
                .sum();
    }

    /** Returns the partition of each key of a topic. */
    Map<String, Integer> partitions(Topic topic) {
        return read(topic).stream()
                .collect(Collectors.toMap(Committed::key, Committed::partition, (one, other) -> other));
    }

    @Override
    public void close() {
        producer.close();
        admin.close();
    }

    /** Waits for an answer of Kafka. */
    static <T> T await(Future<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
