// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import io.deeptweet.classifier.prescore.PrescoringInterceptor;
import io.deeptweet.classifier.window.SharedRocksDbMemory;
import io.deeptweet.schemas.topic.Replication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;

/**
 * The properties of Kafka Streams. Our defaults are overridden by {@code kafka.*}, and those by what correctness needs
 * and by {@code deeptweet.*}.
 *
 * @param applicationId names the consumer group and the internal topics
 * @param threads number of stream threads, 1 or more
 * @param stateDir folder of the window stores
 * @param address host and port at which others reach this instance over HTTP
 * @param replicationFactor replicas of internal topics; -1 for as many as {@code tweets.raw} has
 */
public record StreamsProperties(
        String applicationId, int threads, Path stateDir, String address, int replicationFactor) {
    /** Returns these with as many replicas as {@code tweets.raw} has, unless the operator has chosen a number. */
    public StreamsProperties replicatedAs(int replicas) {
        return replicationFactor > 0
                ? this
                : new StreamsProperties(applicationId, threads, stateDir, address, replicas);
    }

    /**
     * Returns the properties.
     *
     * @param kafka the settings {@code kafka.*}, without their prefix
     * @param prescoring for the prescoring interceptor
     * @param observer is notified of each poll, and of internal records that are skipped
     */
    public <T extends PollSizeInterceptor.Observer & InternalRecordHandler.Observer> Properties with(
            Map<String, Object> kafka, PrescoringInterceptor.Config prescoring, T observer) {
        Properties properties = defaults();
        List<Object> interceptors = new ArrayList<>(List.of(PollSizeInterceptor.class, PrescoringInterceptor.class));
        if (kafka.get(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG) instanceof List<?> others)
            interceptors.addAll(0, others); // tracing: its time starts before the prescoring
        properties.put(mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG), interceptors);
        properties.put(mainConsumerPrefix(PollSizeInterceptor.OBSERVER), observer);
        properties.put(mainConsumerPrefix(PrescoringInterceptor.CONFIG), prescoring);

        properties.putAll(kafka);
        // Quarkus adds a group id, but Streams names its group by the application id.
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);

        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, address); // so that each instance learns of all others
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
        properties.put(
                StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
                Replication.minInSync(replicationFactor));
        // A store or internal topic without a name of its own would be lost when the topology changes: refuse to start.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // Every fault that reaches a handler fails the thread, which SentimentStream replaces: a record that is skipped
        // at a later step would be scored but not counted, and a transaction whose record was not written is lost.
        properties.put(InternalRecordHandler.OBSERVER, observer);
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, InternalRecordHandler.class);
        properties.put(
                StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailProcessingExceptionHandler.class);
        properties.put(
                StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, DefaultProductionExceptionHandler.class);
        // Process what was on the topic before the first start.
        properties.put(consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }

    private static Properties defaults() {
        Properties properties = new Properties();
        // The partitions of a crashed instance wait for so long; Kafka's 45 s are long for a live feed.
        properties.put(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
        // A stopped instance gives its partitions up at once; by Streams' own default its session times out.
        properties.put(consumerPrefix("internal.leave.group.on.close"), true);
        // A commit, ten times a second with exactly-once, sends all pending records, so batches grow with the load.
        // The linger time sends most of them earlier, so that the commit waits less.
        // No compression: not every client in every language reads every codec (kafkajs knows gzip only).
        properties.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        properties.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 * 1024);
        // Heap per thread: Kafka's 32 MB of buffers and 50 MB a fetch, which a slow broker fills, are too much for a
        // container of 768 MB.
        properties.put(producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 8 * 1024 * 1024);
        properties.put(consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 8 * 1024 * 1024);
        // A new instance gets partitions if it can restore their state from at most a million records, which takes
        // seconds. With Kafka's 10,000 it would have to copy the state first, and ask again only every ten minutes.
        properties.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 1_000_000L);
        properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDbMemory.class);
        return properties;
    }
}
