// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.publish;

import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A publisher with a mock producer: the test decides which records are acknowledged, and what the time is. */
public final class KafkaMock {
    private final SchemaIds ids = new InMemorySchemaIds();
    private final AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, ids);
    private final AtomicLong nanoTime = new AtomicLong();
    private final MockProducer<byte[], byte[]> producer;
    private final TweetPublisher publisher;

    private KafkaMock(boolean acknowledges) {
        producer = new MockProducer<>(acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer());
        publisher = new TweetPublisher(producer, new TweetRecords(ids), nanoTime::get);
    }

    /** Acknowledges every record at once. */
    public static KafkaMock thatAcknowledges() {
        return new KafkaMock(true);
    }

    /** Acknowledges a record when the test completes it. */
    public static KafkaMock thatWaits() {
        return new KafkaMock(false);
    }

    public TweetPublisher publisher() {
        return publisher;
    }

    public MockProducer<byte[], byte[]> producer() {
        return producer;
    }

    /** Transactions of the feed {@code election}. The publisher cannot be used any more. */
    public SourceTransactions transactions() {
        SourceTransactions transactions = new SourceTransactions(
                producer, new SourceTransactions.Source(Map.of(), "election", "source", "instance"), ids);
        if (!producer.transactionInitialized()) transactions.start();
        return transactions;
    }

    /** The position that was committed last; empty if there is none. */
    public String position() {
        AvroDeserializer<SourcePosition> positions = new AvroDeserializer<>(SourcePosition.class, ids);
        return records(Topics.POSITIONS.name()).stream()
                .map(record ->
                        positions.deserialize(record.topic(), record.value()).getPosition())
                .reduce("", (earlier, later) -> later);
    }

    void advance(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    public List<Tweet> tweets() {
        return records(Topics.RAW.name()).stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .toList();
    }

    public List<LabeledTweet> labels() {
        AvroDeserializer<LabeledTweet> labels = new AvroDeserializer<>(LabeledTweet.class, ids);
        return records(Topics.LABELED.name()).stream()
                .map(record -> labels.deserialize(record.topic(), record.value()))
                .toList();
    }

    /** Ids of the tweets of {@code tweets.deleted}. */
    public List<String> deletions() {
        AvroDeserializer<DeletedTweet> deletions = new AvroDeserializer<>(DeletedTweet.class, ids);
        return records(Topics.DELETED.name()).stream()
                .map(record ->
                        deletions.deserialize(record.topic(), record.value()).getId())
                .toList();
    }

    public List<ProducerRecord<byte[], byte[]>> rejected() {
        return records(Topics.REJECTED.name());
    }

    private List<ProducerRecord<byte[], byte[]>> records(String topic) {
        return producer.history().stream()
                .filter(record -> record.topic().equals(topic))
                .toList();
    }
}
