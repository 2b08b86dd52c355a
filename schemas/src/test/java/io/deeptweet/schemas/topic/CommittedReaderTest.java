// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;

class CommittedReaderTest {
    private static final TopicPartition ZERO = new TopicPartition(Topics.RAW.name(), 0);
    private static final TopicPartition ONE = new TopicPartition(Topics.RAW.name(), 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final List<String> read = new ArrayList<>();

    @Test
    void everyRecordUpToTheEndIsRead() {
        topic(0, 3, 2);
        records(ZERO, 0, 3);
        records(ONE, 0, 2);
        read(Long.MAX_VALUE);
        assertThat(read).containsExactlyInAnyOrder("0@0", "0@1", "0@2", "1@0", "1@1");
    }

    @Test
    void theLastRecordsOfEachPartitionAreRead() {
        topic(0, 30, 1);
        records(ZERO, 28, 30);
        records(ONE, 0, 1);
        read(2);
        assertThat(read).containsExactlyInAnyOrder("0@28", "0@29", "1@0");
    }

    @Test
    void readingStartsWhereRetentionHasLeftRecords() {
        topic(28, 30, 28);
        records(ZERO, 28, 30);
        read(Long.MAX_VALUE);
        assertThat(read).containsExactly("0@28", "0@29");
    }

    @Test
    void recordsWrittenMeanwhileAreLeftForTheNextReading() {
        topic(0, 2, 0);
        records(ZERO, 0, 5);
        read(Long.MAX_VALUE);
        assertThat(read).containsExactly("0@0", "0@1");
    }

    @Test
    void anEmptyTopicIsReadAtOnce() {
        topic(0, 0, 0);
        read(Long.MAX_VALUE);
        assertThat(read).isEmpty();
    }

    @Test
    void aMissingTopicIsNamed() {
        assertThatThrownBy(() -> read(1))
                .isInstanceOf(UnknownTopicOrPartitionException.class)
                .hasMessageContaining("tweets.raw")
                .hasMessageContaining("start ingest");
    }

    @Test
    void recordsThatDoNotComeEndTheReading() {
        topic(0, 2, 0);
        assertThatThrownBy(() -> CommittedReader.read(consumer, Topics.RAW, 2, Duration.ZERO, record -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("no more records of tweets.raw");
    }

    /** Port 1 refuses connections. */
    @Test
    void aBrokerThatDoesNotAnswerIsNamedWithinTheClientsTimeout() {
        Map<String, String> kafka = Map.of(
                "bootstrap.servers", "localhost:1", "default.api.timeout.ms", "100", "request.timeout.ms", "100");
        assertThatThrownBy(() -> CommittedReader.readAll(kafka, Topics.RAW, record -> {}))
                .isInstanceOf(TimeoutException.class)
                .hasMessageStartingWith("Kafka at localhost:1 does not answer: start it, or correct the address");
    }

    @Test
    void theReadersOwnSettingsWin() {
        Map<String, Object> settings = CommittedReader.settings(Map.of(
                "bootstrap.servers", "kafka:9092",
                "isolation.level", "read_uncommitted",
                "enable.auto.commit", "true",
                "group.id", "a",
                "key.deserializer", "b"));
        assertThat(settings)
                .containsOnly(
                        entry("bootstrap.servers", "kafka:9092"),
                        entry("fetch.max.bytes", 256 * 1024),
                        entry("isolation.level", "read_committed"),
                        entry("enable.auto.commit", false),
                        entry("allow.auto.create.topics", false),
                        entry("auto.offset.reset", "earliest"));
    }

    /** A topic of two partitions. */
    private void topic(long start, long endOfZero, long endOfOne) {
        Node node = new Node(0, "localhost", 9092);
        Node[] replicas = {node};
        consumer.updatePartitions(
                Topics.RAW.name(),
                List.of(
                        new PartitionInfo(Topics.RAW.name(), 0, node, replicas, replicas),
                        new PartitionInfo(Topics.RAW.name(), 1, node, replicas, replicas)));
        consumer.updateBeginningOffsets(Map.of(ZERO, start, ONE, Math.min(start, endOfOne)));
        consumer.updateEndOffsets(Map.of(ZERO, endOfZero, ONE, endOfOne));
    }

    private void records(TopicPartition partition, long from, long to) {
        consumer.schedulePollTask(() -> {
            for (long offset = from; offset < to; offset++)
                consumer.addRecord(new ConsumerRecord<>(
                        partition.topic(), partition.partition(), offset, new byte[0], new byte[0]));
        });
    }

    private void read(long most) {
        CommittedReader.read(
                consumer,
                Topics.RAW,
                most,
                Duration.ofSeconds(10),
                record -> read.add(record.partition() + "@" + record.offset()));
    }
}
