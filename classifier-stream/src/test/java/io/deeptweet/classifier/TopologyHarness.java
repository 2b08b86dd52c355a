// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.deeptweet.classifier.alert.AlertProcessor;
import io.deeptweet.classifier.alert.Rules;
import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.classifier.duplicate.DuplicateFilter;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.serde.SchemaIds;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers;
import org.apache.kafka.streams.state.DslStoreSuppliers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the topology in {@link TopologyTestDriver}, with a model {@code v1} that gives 0.75 to every tweet. The window
 * stores are in memory, because RocksDB writes to the disk at every commit and the driver commits after every record.
 */
abstract class TopologyHarness {
    static final Instant NOW = Instant.parse("2024-09-01T12:00:00Z");
    static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    static final List<Duration> SIZES = List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
    static final Duration GRACE = Duration.ofMinutes(5);
    static final Duration RETENTION = Duration.ofMinutes(10);
    static final DuplicateFilter.Memory DUPLICATES = new DuplicateFilter.Memory(Duration.ofHours(1), 1_000);

    private static final DriftThresholds THRESHOLDS = new DriftThresholds(Duration.ofHours(1), 3, 1, 0.4, 0.5, 0.25);

    final ActiveModel model = new ActiveModel();
    final RecordingTopologyObserver observer = new RecordingTopologyObserver();
    final ModelReferences references = new ModelReferences();
    final SchemaIds ids = new InMemorySchemaIds();
    final Rules rules = new Rules(List.of(), Set.copyOf(SIZES));
    OptionalLong lag = OptionalLong.empty();

    @TempDir
    Path state;

    TopologyTestDriver driver;
    TestInputTopic<byte[], byte[]> raw;
    TestOutputTopic<String, ScoredTweet> scored;
    TestOutputTopic<String, ScoredTweet> shadow;
    TestOutputTopic<String, DriftWindow> drift;
    TestOutputTopic<byte[], byte[]> rejected;
    TestOutputTopic<String, SentimentWindow> windows;

    @BeforeEach
    void start() {
        model.swap(new TestScorers.Constant("v1", 0.75f));
        start(ids);
    }

    void start(SchemaIds schemaIds) {
        driver = new TopologyTestDriver(topology(schemaIds), properties(), NOW);
        raw = driver.createInputTopic("tweets.raw", new ByteArraySerializer(), new ByteArraySerializer());
        scored = output("tweets.scored", ScoredTweet.class);
        shadow = output("tweets.shadow", ScoredTweet.class);
        drift = output("sentiment.drift", DriftWindow.class);
        rejected =
                driver.createOutputTopic("tweets.rejected", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        windows = output("sentiment.windows", SentimentWindow.class);
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        return properties;
    }

    /** How many tweets of a sum are explained. */
    static final int EXPLAINED = 4;

    /** Hopping windows, by size; none unless a test has some. */
    Map<Duration, Duration> hopping() {
        return Map.of();
    }

    Topology topology(SchemaIds schemaIds) {
        SentimentTopology.Settings settings = new SentimentTopology.Settings(
                SIZES, hopping(), GRACE, RETENTION, Map.of("explained", 2), EXPLAINED, THRESHOLDS, 1, DUPLICATES);
        return new SentimentTopology(
                        settings,
                        model,
                        references,
                        new AlertProcessor.Inputs(rules, () -> lag),
                        schemaIds,
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        observer)
                .build(stores());
    }

    DslStoreSuppliers stores() {
        return new InMemoryDslStoreSuppliers();
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    Map<String, SentimentWindow> lastWindows() {
        return lastOfEachKey(windows);
    }

    Map<String, DriftWindow> lastDrift() {
        return lastOfEachKey(drift);
    }

    /** Pipes one tweet, and lets the time pass after which its windows are published. */
    void pipe(Tweet tweet) {
        pipeAtOnce(tweet);
        forwardSums();
    }

    void pipeAtOnce(Tweet tweet) {
        pipeAtOnce(tweet, NOW);
    }

    void pipeAtOnce(Tweet tweet, Instant appendedAt) {
        raw.pipeInput(tweet.getId().getBytes(UTF_8), bytes(tweet), appendedAt);
    }

    void forwardSums() {
        driver.advanceWallClockTime(Duration.ofMillis(100));
        driver.advanceWallClockTime(Duration.ofMillis(100)); // the windows have received the sum by now
    }

    byte[] bytes(Tweet tweet) {
        return AvroSerde.of(Tweet.class, ids).serializer().serialize("tweets.raw", tweet);
    }

    static Tweet tweet(String id, String feed, Instant createdAt) {
        return tweet(id, feed, createdAt, "a tweet");
    }

    static Tweet tweet(String id, String feed, Instant createdAt, String text) {
        return new Tweet(id, text, feed, "en", null, createdAt, NOW, TweetKind.POST);
    }

    <T extends SpecificRecord> TestOutputTopic<String, T> output(String topic, Class<T> type) {
        return driver.createOutputTopic(
                topic, new StringDeserializer(), AvroSerde.of(type, ids).deserializer());
    }

    private static <T> Map<String, T> lastOfEachKey(TestOutputTopic<String, T> topic) {
        Map<String, T> last = new HashMap<>();
        topic.readKeyValuesToList().forEach(record -> last.put(record.key, record.value));
        return last;
    }
}
