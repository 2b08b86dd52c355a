// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what ingest has published. */
public final class PublishedRecords {
    private final Map<String, Object> kafka;

    public PublishedRecords(String bootstrapServers, String registryUrl) {
        kafka = Map.of("bootstrap.servers", bootstrapServers, "schema.registry.url", registryUrl);
    }

    /** The tweets of a feed on {@code tweets.raw}. */
    public List<Tweet> tweets(String feed) {
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(kafka));
        return records(Topics.RAW).stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .filter(tweet -> tweet.getFeed().equals(feed))
                .toList();
    }

    /** The labels of a source on {@code tweets.labeled}. */
    List<LabeledTweet> labels(String source) {
        AvroDeserializer<LabeledTweet> deserializer =
                new AvroDeserializer<>(LabeledTweet.class, SchemaIds.ofRegistry(kafka));
        return records(Topics.LABELED).stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .filter(label -> label.getLabeledBy().equals(source))
                .toList();
    }

    /** The ids on {@code tweets.deleted}. */
    List<String> deletions() {
        return records(Topics.DELETED).stream()
                .map(record -> new String(record.key(), StandardCharsets.UTF_8))
                .toList();
    }

    /** The records of a feed on {@code tweets.rejected}. */
    public List<ConsumerRecord<byte[], byte[]>> rejected(String feed) {
        return records(Topics.REJECTED).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(feed))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        Map<TopicPartition, Long> written = ends(topic, "read_uncommitted");
        await().atMost(IngestProcess.PATIENCE)
                .until(() -> ends(topic, "read_committed").entrySet().stream()
                        .allMatch(end -> end.getValue() >= written.get(end.getKey())));
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        CommittedReader.readAll(kafka, topic, records::add);
        return records;
    }

    /** Records behind an open transaction, such as that of a process that was killed, cannot be read yet. */
    private Map<TopicPartition, Long> ends(Topic topic, String isolation) {
        Map<String, Object> settings = CommittedReader.settings(kafka);
        settings.put("isolation.level", isolation);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.endOffsets(CommittedReader.partitions(consumer, topic));
        }
    }
}
