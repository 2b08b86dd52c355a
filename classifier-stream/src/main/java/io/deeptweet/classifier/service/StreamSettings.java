// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.score.PrescoringInterceptor;
import io.deeptweet.classifier.window.BoundedMemory;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * What Kafka Streams runs with: our choices, over them whatever {@code kafka.*} says, and over that what
 * {@code deeptweet.*} says.
 */
final class StreamSettings {
    private StreamSettings() {}

    static Properties of(
            Settings settings, Map<String, Object> kafka, PrescoringInterceptor.Means ahead, PollSizes.Observer polls) {
        Properties properties = new Properties();
        // An instance that died holds its partitions for so long; Kafka's 45 s are long for a live feed.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 15_000);
        // One that was stopped gives them up at once; Streams' own default is to let the session time out.
        properties.put(StreamsConfig.consumerPrefix("internal.leave.group.on.close"), true);
        // Every commit, ten times a second in exactly-once, sends what there is: batches are as large as the load makes
        // them. What
        // is a few milliseconds old by then is under way already, so that the commit waits for less.
        // No compression: not every client in every language reads every codec (kafkajs knows gzip alone).
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 20);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 64 * 1024);
        // Per thread and on the heap. Kafka's 32 MB, and 50 MB a fetch, are more than a container of 768 MB has to
        // give: a broker
        // that is slow fills them.
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), 8 * 1024 * 1024);
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 8 * 1024 * 1024);
        // An instance that comes to help gets its partitions when a million records restore their state, which takes
        // seconds; by
        // Kafka's 10,000 it would wait, after some minutes of work, for as much to be copied, and be asked every ten
        // minutes.
        properties.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, 1_000_000L);
        properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000L);
        properties.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
                List.of(PollSizes.class, PrescoringInterceptor.class));
        properties.put(StreamsConfig.mainConsumerPrefix(PollSizes.OBSERVER), polls);
        properties.put(StreamsConfig.mainConsumerPrefix(PrescoringInterceptor.MEANS), ahead);
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedMemory.class);
        properties.putAll(kafka);
        properties.remove(
                ConsumerConfig.GROUP_ID_CONFIG); // Quarkus adds one; Streams names its group by the application id

        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(
                StreamsConfig.APPLICATION_SERVER_CONFIG,
                settings.address()); // so each instance learns of all the others
        properties.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) settings.topics().replicationFactor());
        // A store or internal topic without a name of its own would be lost when the topology changes: it stops the
        // start instead.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        // Nothing of what stood on the topic before the first start is skipped.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        return properties;
    }
}
