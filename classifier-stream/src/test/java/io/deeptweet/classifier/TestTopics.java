// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.AvroSerializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Writes what the classifier reads, and reads what it wrote, as anybody else would. */
final class TestTopics implements AutoCloseable {
    private final String bootstrapServers;
    private final SchemaIds ids;
    private final AvroSerializer<Tweet> tweets;
    private final AvroSerializer<ModelRecord> models;
    private final KafkaProducer<byte[], byte[]> producer;

    TestTopics(String bootstrapServers, String registryUrl) {
        this.bootstrapServers = bootstrapServers;
        this.ids = SchemaIds.ofRegistry(Map.of("schema.registry.url", registryUrl));
        this.tweets = new AvroSerializer<>(ids);
        this.models = new AvroSerializer<>(ids);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(List<Tweet> sent) {
        for (Tweet tweet : sent) sendBytes(tweet.getId().getBytes(UTF_8), bytes(tweet));
        producer.flush();
    }

    byte[] bytes(Tweet tweet) {
        return tweets.serialize(Topics.RAW.name(), tweet);
    }

    void sendBytes(byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(Topics.RAW.name(), key, value));
    }

    /** Publishes a model and activates it, in one transaction. */
    void publish(PublishedModel model) {
        publish(model.version(), model.records(Set.of(), Instant.now()));
    }

    /** Publishes these records of a model and activates it, in one transaction. */
    void publish(String version, Map<String, ModelRecord> records) {
        Map<String, ModelRecord> all = new LinkedHashMap<>(records);
        all.put(ModelLog.ACTIVE, activation(version));
        begin(all).run();
    }

    /** Sends these records in a transaction, null for a tombstone, and gives back what commits it. */
    Runnable begin(Map<String, ModelRecord> records) {
        KafkaProducer<byte[], byte[]> transactional = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "test-models"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        transactional.initTransactions();
        transactional.beginTransaction();
        records.forEach((key, record) -> transactional.send(new ProducerRecord<>(
                Topics.MODELS.name(), key.getBytes(UTF_8), models.serialize(Topics.MODELS.name(), record))));
        transactional.flush();
        return () -> {
            transactional.commitTransaction();
            transactional.close();
        };
    }

    static ModelRecord activation(String version) {
        return new ModelRecord(new Activation(version, Instant.now(), "a test wants it"));
    }

    /** All committed records of a topic so far. */
    List<ConsumerRecord<String, byte[]>> read(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            Set<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .collect(Collectors.toSet());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition)))
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records;
        }
    }

    /** The values of a topic so far. */
    <T extends SpecificRecord> List<T> values(String topic, Class<T> type) {
        AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, ids);
        return read(topic).stream()
                .map(record -> deserializer.deserialize(topic, record.value()))
                .toList();
    }

    /** The last value of each window. */
    Map<String, SentimentWindow> windows() {
        return last(Topics.WINDOWS.name(), SentimentWindow.class);
    }

    /** The last value of each key. */
    <T extends SpecificRecord> Map<String, T> last(String topic, Class<T> type) {
        AvroDeserializer<T> deserializer = new AvroDeserializer<>(type, ids);
        Map<String, T> last = new HashMap<>();
        read(topic).forEach(record -> last.put(record.key(), deserializer.deserialize(record.topic(), record.value())));
        return last;
    }

    /** How many tweets the windows of a size hold together. */
    long counted(Duration size) {
        return windows().entrySet().stream()
                .filter(window -> window.getKey().contains("/" + size + "/"))
                .mapToLong(window -> window.getValue().getCount())
                .sum();
    }

    /** In which partition each id of a topic stands. */
    Map<String, Integer> partitions(String topic) {
        return read(topic).stream()
                .collect(Collectors.toMap(ConsumerRecord::key, ConsumerRecord::partition, (one, other) -> other));
    }

    @Override
    public void close() {
        producer.close();
    }
}
