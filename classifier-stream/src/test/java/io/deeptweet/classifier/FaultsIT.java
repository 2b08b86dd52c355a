// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.tweets;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.topic.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults in the middle of the work: the stream outlives them, or the process ends. */
class FaultsIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final Duration SMALLEST = Duration.ofSeconds(10);
    /** Longer than a commit may take, than the broker waits for the end of a transaction, and than a session lasts. */
    private static final Duration STALL = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void aStalledBrokerIsOutlivedAndEveryTweetCountsOnce() throws Exception {
        int all = 50_000;
        try (TestTopics topics = TestTopics.empty();
                ClassifierProcess classifier = start("stalled", Map.of("KAFKA_PRODUCER_MAX_BLOCK_MS", "5000"))) {
            ready(classifier, topics);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> topics.send(tweets("", 0, all)));
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> classifier.metric("deeptweet_scored_total") > 100 && topics.counted(SMALLEST) > 0);
            LocalKafka.shared().broker().process().freeze();
            try {
                Thread.sleep(STALL.toMillis()); // the fault itself, not a wait for something
            } finally {
                LocalKafka.shared().broker().process().thaw();
            }
            sending.join();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.read(Topics.SCORED)).hasSize(all));
            assertThat(topics.read(Topics.SCORED))
                    .extracting(TestTopics.Committed::key)
                    .doesNotHaveDuplicates();
            assertThat(classifier.metric("deeptweet_tweets_duplicate_total")).isZero();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.counted(SMALLEST)).isEqualTo(all));
            classifier.awaitReady();
        }
    }

    /** Each is beyond Kafka's default limit of 1 MiB, or near it. */
    @Test
    void recordsOfAnySizeAreRejectedAndTheOthersScored() throws Exception {
        byte[] large = new byte[5_000_000];
        Arrays.fill(large, (byte) 'x');
        try (TestTopics topics = TestTopics.empty();
                ClassifierProcess classifier = start("large", Map.of())) {
            ready(classifier, topics);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                    Map.of(
                            "bootstrap.servers",
                            LocalKafka.shared().bootstrapServers(),
                            "compression.type",
                            "gzip",
                            "max.request.size",
                            10_000_000),
                    new ByteArraySerializer(),
                    new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(Topics.RAW.name(), "large".getBytes(UTF_8), large))
                        .get();
                producer.send(new ProducerRecord<>(Topics.RAW.name(), large, "value".getBytes(UTF_8)))
                        .get();
                ProducerRecord<byte[], byte[]> headers =
                        new ProducerRecord<>(Topics.RAW.name(), "headers".getBytes(UTF_8), new byte[0]);
                headers.headers().add("many", large);
                producer.send(headers).get();
                // A tweet that is valid but for them: their lengths alone take 1,200,000 bytes.
                ProducerRecord<byte[], byte[]> empty = new ProducerRecord<>(
                        Topics.RAW.name(),
                        "empty".getBytes(UTF_8),
                        topics.bytes(TestTweets.tweet("empty", TestTweets.NOON)));
                for (int i = 0; i < 600_000; i++) empty.headers().add("", null);
                producer.send(empty).get();
            }
            topics.send(tweets("", 0, 100));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.counted(SMALLEST)).isEqualTo(100));
            await().atMost(PATIENCE).until(() -> topics.read(Topics.REJECTED).size() == 4);
            assertThat(topics.read(Topics.REJECTED))
                    .extracting(record -> new String(
                            record.headers()
                                    .lastHeader("deeptweet.rejected.reason")
                                    .value(),
                            UTF_8))
                    .containsExactlyInAnyOrder(
                            Rejection.Reason.UNDECODABLE.code(),
                            Rejection.Reason.UNDECODABLE.code(),
                            Rejection.Reason.UNDECODABLE.code(),
                            Rejection.Reason.TOO_LARGE.code());
            assertThat(classifier.log()).doesNotContain("the stream ");
        }
    }

    @Test
    void foreignRecordsOnAnInternalTopicAreSkipped() {
        try (TestTopics topics = TestTopics.empty();
                ClassifierProcess classifier = start("foreign", Map.of())) {
            ready(classifier, topics);
            sendSum(topics, "foreign", "nonsense".getBytes(UTF_8));
            sendSum(topics, "foreign", new byte[] {31});
            sendSum(topics, "foreign", null);
            String topic = SentimentTopology.repartitionTopic("faults-it-foreign");
            TestTopics.await(topics.sendBytes(topic, null, new byte[] {1}));
            byte[] longName = new byte[600_000];
            Arrays.fill(longName, (byte) 'x');
            TestTopics.await(topics.sendBytes(topic, longName, new byte[] {1}));
            topics.send(tweets("", 0, 100));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.counted(SMALLEST)).isEqualTo(100));
            await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_internal_skipped_total") == 5);
        }
    }

    /** Only its release can read it: without it, counts would be lost. */
    @Test
    void aFaultThatRemainsEndsTheProcessWithItsExitCode() throws Exception {
        try (TestTopics topics = TestTopics.empty();
                ClassifierProcess classifier = start("remains", Map.of("DEEPTWEET_FAULTS_LIMIT", "2"))) {
            ready(classifier, topics);
            sendSum(topics, "remains", new byte[] {(byte) 0xD7, (byte) 0xA6, 0x6E, 0x60, 31});
            assertThat(classifier.exitCode()).isEqualTo(75);
            assertThat(classifier.log())
                    .contains("the stream tries again after a fault: ")
                    .contains("the stream stops for good, because it had more faults than 2 within PT10M: ")
                    .contains("use the release that wrote the state");
        }
    }

    private ClassifierProcess start(String name, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("DEEPTWEET_APPLICATION_ID", "faults-it-" + name);
        all.put("DEEPTWEET_WINDOW_GRACE", "3650d");
        return ClassifierProcess.start(folder.resolve(name), all);
    }

    private static void ready(ClassifierProcess classifier, TestTopics topics) {
        classifier.awaitNotReady("waiting for a model");
        topics.publish(TestModels.published(TestModels.constant("good", 0.75)));
        classifier.awaitReady();
    }

    private static void sendSum(TestTopics topics, String name, byte[] sum) {
        String topic = SentimentTopology.repartitionTopic("faults-it-" + name);
        TestTopics.await(topics.sendBytes(topic, "election".getBytes(UTF_8), sum));
    }
}
