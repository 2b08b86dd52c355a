// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics without a consumer group, up to the last committed transaction.
 *
 * <p>How long it waits for an answer or for the next record is the client setting {@code default.api.timeout.ms},
 * Kafka's own default of 60 s included.
 */
public final class CommittedReader {
    /**
     * Each thread that reads keeps direct memory for its largest answer. Services have many such threads, and with
     * Kafka's megabyte a partition they leave none for the stream.
     */
    private static final int FETCHED_BYTES = 256 * 1024;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration DEFAULT_API_TIMEOUT = Duration.ofSeconds(60);

    private CommittedReader() {}

    /**
     * Settings for a consumer that reads committed records, commits no offsets, belongs to no group, creates no topic,
     * starts at the earliest record where its position has been deleted, and fetches little at once. Deserializers are
     * removed: the caller passes its own to the constructor.
     *
     * @param kafka client settings; those named above are replaced, whatever a shared properties file says
     * @return a new, mutable map
     */
    public static Map<String, Object> settings(Map<String, ?> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        for (String other : List.of(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ConsumerConfig.GROUP_ID_CONFIG,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG)) settings.remove(other);
        settings.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCHED_BYTES);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return settings;
    }

    /**
     * A consumer for somebody who waits for the answer; the caller assigns its partitions and closes it.
     *
     * @param patience after this time, its calls fail with a {@link TimeoutException}
     */
    public static Consumer<byte[], byte[]> consumer(Map<String, ?> kafka, Duration patience) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(patience.toMillis()));
        return consumer(settings);
    }

    /** A consumer of {@link #settings}; the caller assigns its partitions and closes it. */
    public static Consumer<byte[], byte[]> consumer(Map<String, ?> kafka) {
        return new KafkaConsumer<>(settings(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A topic's partitions.
     *
     * @throws UnknownTopicOrPartitionException if there is no such topic
     * @throws TimeoutException if Kafka does not answer
     */
    public static List<TopicPartition> partitions(Consumer<?, ?> consumer, Topic topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name()).stream()
                .map(info -> new TopicPartition(topic.name(), info.partition()))
                .toList();
        if (partitions.isEmpty())
            throw new UnknownTopicOrPartitionException(
                    "there is no topic " + topic + ": start ingest, the classifier or the trainer, which create it");
        return partitions;
    }

    /**
     * Passes on every record that a topic holds now; within a partition in order.
     *
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @throws TimeoutException if Kafka does not answer; the message names its address
     * @throws UnknownTopicOrPartitionException if there is no such topic
     * @throws KafkaException if Kafka refuses, or a setting is wrong
     */
    public static void readAll(
            Map<String, ?> kafka,
            Topic topic,
            java.util.function.Consumer<? super ConsumerRecord<byte[], byte[]>> each) {
        readLast(kafka, topic, Long.MAX_VALUE, each);
    }

    /**
     * As {@link #readAll}, but of each partition only the last records.
     *
     * @param most how many records of each partition are read at most, 0 or more; transaction markers count too, so
     *     fewer may come
     */
    public static void readLast(
            Map<String, ?> kafka,
            Topic topic,
            long most,
            java.util.function.Consumer<? super ConsumerRecord<byte[], byte[]>> each) {
        try (Consumer<byte[], byte[]> consumer = consumer(kafka)) {
            read(consumer, topic, most, apiTimeout(kafka), each);
        } catch (TimeoutException e) {
            throw new TimeoutException(
                    "Kafka at " + kafka.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)
                            + " does not answer: start it, or correct the address (" + e.getMessage() + ")",
                    e);
        }
    }

    static void read(
            Consumer<byte[], byte[]> consumer,
            Topic topic,
            long most,
            Duration patience,
            java.util.function.Consumer<? super ConsumerRecord<byte[], byte[]>> each) {
        List<TopicPartition> partitions = partitions(consumer, topic);
        consumer.assign(partitions);
        Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        starts.replaceAll((partition, start) -> Math.max(start, ends.get(partition) - most));
        read(consumer, topic, starts, ends, patience, each);
    }

    /**
     * Passes on the records of a range of offsets; within a partition in order.
     *
     * @param consumer of {@link #consumer}, to which the partitions are assigned
     * @param starts the first offset of each partition
     * @param ends the offset behind the last one of each of these partitions
     * @param patience how long it waits for the next record
     * @throws TimeoutException if no more records come
     */
    public static void read(
            Consumer<byte[], byte[]> consumer,
            Topic topic,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Duration patience,
            java.util.function.Consumer<? super ConsumerRecord<byte[], byte[]>> each) {
        starts.forEach(consumer::seek);
        long lastRecord = System.nanoTime();
        while (starts.keySet().stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                lastRecord = System.nanoTime();
                // What has been written since belongs to the next reading.
                if (record.offset() < ends.get(new TopicPartition(record.topic(), record.partition())))
                    each.accept(record);
            }
            if (System.nanoTime() - lastRecord > patience.toNanos())
                throw new TimeoutException(
                        "no more records of " + topic + " came within " + patience.toSeconds() + " s");
        }
    }

    private static Duration apiTimeout(Map<String, ?> kafka) {
        Object timeout = kafka.get(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG);
        return timeout == null
                ? DEFAULT_API_TIMEOUT
                : Duration.ofMillis(Long.parseLong(timeout.toString().strip()));
    }
}
