// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.classifier.drift.DriftLimits;
import io.deeptweet.classifier.drift.ReferenceScores;
import io.deeptweet.classifier.score.ActiveModel;
import io.deeptweet.classifier.score.PrescoringInterceptor;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.classifier.window.SentimentAggregateSerde;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.StrongWord;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.schemas.serde.InMemorySchemaIds;
import io.deeptweet.schemas.serde.RegistryUnavailableException;
import io.deeptweet.schemas.serde.SchemaIds;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentimentTopologyTest {
    private static final Instant NOW = Instant.parse("2024-09-01T12:00:00Z");
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final List<Duration> SIZES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final DriftLimits LIMITS = new DriftLimits(Duration.ofHours(1), 3, 1, 0.4, 0.5, 0.25);

    /** Gives every text the same probability, and knows all of its words but those with an x. */
    private record Constant(String version, float probability) implements Scorer {
        @Override
        public Score score(String text) {
            String[] words = text.split(" ");
            return new Score(probability, version, words.length, (int)
                    Stream.of(words).filter(word -> word.contains("x")).count());
        }
    }

    /** Fails at every text. */
    private record Failing(String version) implements Scorer {
        @Override
        public Score score(String text) {
            throw new IllegalStateException("made to fail");
        }
    }

    /** Writes down which texts it was given at the same time. */
    private record Together(List<List<String>> texts) implements Scorer {
        @Override
        public Score score(String text) {
            return score(List.of(text)).get(0);
        }

        @Override
        public List<Score> score(List<String> together) {
            texts.add(together);
            return together.stream().map(text -> new Score(0.75f, version())).toList();
        }

        @Override
        public String version() {
            return "together";
        }
    }

    private record Explained() implements Scorer {
        @Override
        public Score score(String text) {
            return new Score(0.75f, version());
        }

        @Override
        public Explanation explain(String text) {
            return new Explanation(
                    score(text),
                    -1.0,
                    List.of(
                            new Explanation.Term("nice", true, 0.5),
                            new Explanation.Term("but", true, -0.1),
                            new Explanation.Term("love", true, 1.5),
                            new Explanation.Term("so", true, 0.2)));
        }

        @Override
        public String version() {
            return "explained";
        }
    }

    /** Writes down what it is told. */
    private static final class Witness implements SentimentTopology.Observer {
        private final List<Rejection> rejections = new ArrayList<>();
        private final List<Duration> late = new ArrayList<>();
        private final List<List<Long>> delays = new ArrayList<>();
        private final List<String> compared = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();
        private final Map<String, DriftWindow> drift = new HashMap<>();
        private int scored;

        @Override
        public void compared(Score active, Score shadow) {
            compared.add(active.version() + " " + active.probability() + ", " + shadow.version() + " "
                    + shadow.probability());
        }

        @Override
        public void shadowFailed(String active, String shadow, RuntimeException because) {
            failed.add(shadow + " beside " + active + ": " + because.getMessage());
        }

        @Override
        public void drift(DriftWindow window) {
            drift.put(window.getFeed(), window);
        }

        @Override
        public void driftEnds(String feed) {
            drift.remove(feed);
        }

        @Override
        public void scored(long tookNanos, long sinceCreatedMs, long sinceAppendedMs) {
            scored++;
            delays.add(List.of(sinceCreatedMs, sinceAppendedMs));
        }

        @Override
        public void rejected(Rejection rejection) {
            rejections.add(rejection);
        }

        @Override
        public void late(Duration size, long tweets) {
            for (int i = 0; i < tweets; i++) late.add(size);
        }
    }

    private final ActiveModel model = new ActiveModel();
    private final Witness witness = new Witness();
    private final ReferenceScores references = new ReferenceScores();
    private final SchemaIds ids = new InMemorySchemaIds();

    @TempDir
    private Path state;

    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> raw;
    private TestOutputTopic<String, ScoredTweet> scored;
    private TestOutputTopic<String, ScoredTweet> shadow;
    private TestOutputTopic<String, DriftWindow> drift;
    private TestOutputTopic<byte[], byte[]> rejected;
    private TestOutputTopic<String, SentimentWindow> windows;

    @BeforeEach
    void start() {
        model.swap(new Constant("v1", 0.75f));
        start(ids);
    }

    private void start(SchemaIds schemaIds) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "nowhere:1");
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        driver = new TopologyTestDriver(topology(schemaIds), properties, NOW);
        raw = driver.createInputTopic("tweets.raw", new ByteArraySerializer(), new ByteArraySerializer());
        scored = driver.createOutputTopic(
                "tweets.scored",
                new StringDeserializer(),
                AvroSerde.of(ScoredTweet.class, ids).deserializer());
        shadow = driver.createOutputTopic(
                "tweets.shadow",
                new StringDeserializer(),
                AvroSerde.of(ScoredTweet.class, ids).deserializer());
        drift = driver.createOutputTopic(
                "sentiment.drift",
                new StringDeserializer(),
                AvroSerde.of(DriftWindow.class, ids).deserializer());
        rejected =
                driver.createOutputTopic("tweets.rejected", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        windows = driver.createOutputTopic(
                "sentiment.windows",
                new StringDeserializer(),
                AvroSerde.of(SentimentWindow.class, ids).deserializer());
    }

    private Topology topology(SchemaIds schemaIds) {
        return new SentimentTopology(
                        model,
                        schemaIds,
                        SIZES,
                        GRACE,
                        Map.of("explained", 2),
                        LIMITS,
                        references,
                        Clock.fixed(NOW, ZoneOffset.UTC),
                        witness)
                .build();
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void aScoredTweetTellsOfItsTweetAndOfItsModel() {
        Tweet tweet = new Tweet("17", "what a day 🌞", "election", "en", "ann", NOON, NOON.plusSeconds(2));
        pipe(tweet);

        assertThat(scored.readKeyValuesToList()).singleElement().satisfies(record -> {
            assertThat(record.key).isEqualTo("17");
            assertThat(record.value)
                    .isEqualTo(new ScoredTweet(
                            "17",
                            "what a day 🌞",
                            "election",
                            "en",
                            "ann",
                            NOON,
                            NOON.plusSeconds(2),
                            NOW,
                            Sentiment.POSITIVE,
                            0.75f,
                            "v1",
                            List.of()));
        });
        assertThat(witness.scored).isEqualTo(1);
    }

    /** Ingest took a while to append it, the classifier took a second more. */
    @Test
    void itIsToldHowLongATweetTook() {
        Tweet tweet = tweet("17", "election", NOW.minusSeconds(60));
        raw.pipeInput(tweet.getId().getBytes(UTF_8), bytes(tweet), NOW.minusSeconds(1));
        assertThat(witness.delays).containsExactly(List.of(60_000L, 1_000L));
    }

    @Test
    void aFeedThatAsksForItsStrongestWordsGetsThemAndNoOtherDoes() {
        model.swap(new Explained());
        pipe(tweet("1", "explained", NOON));
        pipe(tweet("2", "election", NOON));

        List<ScoredTweet> tweets = scored.readValuesToList();
        assertThat(tweets).extracting(ScoredTweet::getProbability).containsExactly(0.75f, 0.75f);
        assertThat(tweets.get(0).getStrongestWords())
                .as("two at most, the strongest first, none that speaks against it")
                .containsExactly(new StrongWord("love", 1.5f), new StrongWord("nice", 0.5f));
        assertThat(tweets.get(1).getStrongestWords()).isEmpty();
    }

    @Test
    void aScorerThatCannotExplainNamesNoWords() {
        pipe(tweet("1", "explained", NOON));
        assertThat(scored.readValue().getStrongestWords()).isEmpty();
    }

    @Test
    void aTweetWithoutLanguageAndAuthorStaysWithout() {
        pipe(new Tweet("17", "hm", "election", null, null, NOON, NOON));
        ScoredTweet tweet = scored.readValue();
        assertThat(tweet.getLanguage()).isEmpty();
        assertThat(tweet.getAuthor()).isEmpty();
    }

    /** Who reads tweets.scored joins it with tweets.raw by partition: the same key bytes mean the same partition. */
    @Test
    void theKeyOfAScoredTweetIsThatOfItsTweetByteForByte() {
        pipe(tweet("ß-🌞", "election", NOON));
        TestOutputTopic<byte[], byte[]> bytes =
                driver.createOutputTopic("tweets.scored", new ByteArrayDeserializer(), new ByteArrayDeserializer());
        assertThat(bytes.readKeyValue().key).isEqualTo("ß-🌞".getBytes(UTF_8));
    }

    @Test
    void eachTweetIsScoredByTheModelThatIsActiveAtThatTime() {
        pipe(tweet("1", "election", NOON));
        model.swap(new Constant("v2", 0.25f));
        pipe(tweet("2", "election", NOON));

        assertThat(scored.readValuesToList())
                .extracting(ScoredTweet::getId, ScoredTweet::getModelVersion, ScoredTweet::getSentiment)
                .containsExactly(tuple("1", "v1", Sentiment.POSITIVE), tuple("2", "v2", Sentiment.NEGATIVE));
    }

    @Test
    void whatAPollBroughtIsScoredTogetherAndWithTheModelThatIsActiveInTheEnd() {
        Together together = new Together(new ArrayList<>());
        model.swap(together);
        PrescoringInterceptor ahead = new PrescoringInterceptor();
        ahead.configure(
                Map.of(PrescoringInterceptor.MEANS, new PrescoringInterceptor.Means(model, ids, Set.of("explained"))));
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>();
        for (Tweet tweet : List.of(
                tweet("0", "election", NOON, "a"),
                tweet("1", "election", NOON, "b"),
                tweet("2", "explained", NOON, "c"),
                tweet("3", "election", NOON, "d")))
            polled.add(new ConsumerRecord<>(
                    "tweets.raw", 0, polled.size(), tweet.getId().getBytes(UTF_8), bytes(tweet)));
        polled.add(2, new ConsumerRecord<>("tweets.raw", 0, 4, null, "nonsense".getBytes(UTF_8)));
        polled.add(new ConsumerRecord<>("tweets.raw", 0, 5, null, null));
        ahead.onConsume(new ConsumerRecords<>(Map.of(new TopicPartition("tweets.raw", 0), polled), Map.of()));
        assertThat(together.texts).containsExactly(List.of("a", "b", "d"));

        for (ConsumerRecord<byte[], byte[]> record : polled) {
            if (record == polled.get(4)) model.swap(new Constant("v2", 0.25f));
            raw.pipeInput(new TestRecord<>(record.key(), record.value(), record.headers(), NOON));
        }
        assertThat(scored.readRecordsToList())
                .allSatisfy(record -> assertThat(record.headers()).isEmpty())
                .extracting(
                        record -> record.value().getId() + " " + record.value().getModelVersion())
                .containsExactly("0 together", "1 together", "2 together", "3 v2");
        assertThat(rejected.readRecordsToList())
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.headers())
                        .extracting(Header::key)
                        .allMatch(key -> key.startsWith("deeptweet.rejected.")));
        assertThat(together.texts)
                .as("one by one, what was not scored ahead")
                .containsExactly(List.of("a", "b", "d"), List.of("c"));
    }

    @Test
    void aShadowScoresTheSameTweetsOnATopicOfItsOwnAndNothingElseChanges() {
        pipe(tweet("1", "election", NOON));
        model.swapShadow(Optional.of(new Constant("v2", 0.25f)));
        pipe(tweet("2", "election", NOON));
        model.swapShadow(Optional.empty());
        pipe(tweet("3", "election", NOON));

        assertThat(scored.readValuesToList())
                .extracting(ScoredTweet::getModelVersion, ScoredTweet::getProbability)
                .containsOnly(tuple("v1", 0.75f))
                .hasSize(3);
        assertThat(shadow.readKeyValuesToList()).singleElement().satisfies(record -> {
            assertThat(record.key).isEqualTo("2");
            assertThat(record.value)
                    .isEqualTo(new ScoredTweet(
                            "2",
                            "a tweet",
                            "election",
                            "en",
                            null,
                            NOON,
                            NOW,
                            NOW,
                            Sentiment.NEGATIVE,
                            0.25f,
                            "v2",
                            List.of()));
        });
        assertThat(witness.compared).containsExactly("v1 0.75, v2 0.25");
        assertThat(lastWindows().get("election/PT1H/2024-08-15T12:00:00Z").getModelVersions())
                .isEqualTo(Map.of("v1", 3L));
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getModelVersions())
                .isEqualTo(Map.of("v1", 3L));
    }

    @Test
    void aShadowThatFailsDisturbsNothing() {
        model.swapShadow(Optional.of(new Failing("v2")));
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON));
        assertThat(scored.readValuesToList()).extracting(ScoredTweet::getId).containsExactly("1", "2");
        assertThat(shadow.isEmpty()).isTrue();
        assertThat(witness.failed).containsExactly("v2 beside v1: made to fail", "v2 beside v1: made to fail");
        assertThat(witness.scored).isEqualTo(2);
    }

    @Test
    void driftIsMeasuredPerFeedAndWindowAndJudgedOnceThereAreEnoughTweets() {
        references.read(manifest("v1", "[0, 0, 0, 0, 0, 0, 0, 3, 1, 0]"));
        references.read(manifest("v2", "[0, 0, 0, 0, 0, 1, 0, 0, 0, 0]"));
        pipe(tweet("1", "election", NOON, "all known"));
        pipe(tweet("2", "election", NOON, "x xx xxx"));
        pipe(tweet("3", "other", NOON, "known"));
        model.swap(new Constant("v2", 0.55f));
        Map<String, DriftWindow> first = lastDrift();
        pipe(tweet("4", "election", NOON.plusSeconds(3_599), "well known"));
        pipe(tweet("5", "election", NOON.plusSeconds(3_600), "next window"));
        Map<String, DriftWindow> last = lastDrift();

        assertThat(first).containsOnlyKeys("election/PT1H/2024-08-15T12:00:00Z", "other/PT1H/2024-08-15T12:00:00Z");
        assertThat(first.get("election/PT1H/2024-08-15T12:00:00Z").getUnknownRate())
                .isEqualTo(0.6);
        assertThat(first.get("election/PT1H/2024-08-15T12:00:00Z").getAlarms())
                .as("two tweets are not enough")
                .isEmpty();

        DriftWindow window = last.get("election/PT1H/2024-08-15T12:00:00Z");
        assertThat(window.getFeed()).isEqualTo("election");
        assertThat(window.getStart()).isEqualTo(NOON);
        assertThat(window.getEnd()).isEqualTo(NOON.plusSeconds(3_600));
        assertThat(window.getCount()).isEqualTo(3);
        assertThat(window.getUnknownRate()).isCloseTo(3 / 7.0, within(1e-12));
        assertThat(window.getUncertainShare()).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(window.getHistogram()).containsExactly(0L, 0L, 0L, 0L, 0L, 1L, 0L, 2L, 0L, 0L);
        assertThat(window.getModelVersions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
        // By hand: of two tweets by v1 and one by v2, (2·¾, 2·¼, 1) / 3 = (½, ⅙, ⅓) are expected in the bins 7, 8 and
        // 5; there are (⅔, 0, ⅓).
        assertThat(window.getPsi().orElseThrow())
                .isCloseTo((2 / 3.0 - 0.5) * Math.log(4 / 3.0) + (1e-4 - 1 / 6.0) * Math.log(6e-4), within(1e-9));
        assertThat(window.getAlarms()).containsExactly("unknown", "psi");
        assertThat(last).containsOnlyKeys("election/PT1H/2024-08-15T12:00:00Z", "election/PT1H/2024-08-15T13:00:00Z");
        assertThat(witness.drift).containsOnlyKeys("election", "other");
        driver.close();
        start(ids);
        assertThat(witness.drift).as("another instance measures them now").isEmpty();
    }

    @Test
    void withoutAHistogramInTheReportThereIsNoIndex() {
        references.read(manifest("v1", "null"));
        for (int i = 0; i < 5; i++) pipe(tweet("" + i, "election", NOON));
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getPsi())
                .isEmpty();
    }

    @Test
    void bytesThatAreNotAvroAreRejectedByteForByteWithTheReasonInHeaders() {
        byte[] key = {1, 2, (byte) 0xff};
        byte[] value = "{\"id\": 1}".getBytes(UTF_8);
        Headers headers = new RecordHeaders().add("trace", new byte[] {42});
        pipe(tweet("0", "election", NOON));
        raw.pipeInput(new TestRecord<>(key, value, headers, NOW.toEpochMilli()));

        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.key()).isEqualTo(key);
        assertThat(record.value()).isEqualTo(value);
        assertThat(record.headers().lastHeader("trace").value()).containsExactly(42);
        Rejection rejection = Rejection.readFrom(record.headers()).orElseThrow();
        assertThat(rejection.by()).isEqualTo("classifier");
        assertThat(rejection.reason()).isEqualTo(Rejection.Reason.UNDECODABLE);
        assertThat(rejection.detail()).startsWith("not in Confluent's wire format");
        assertThat(rejection.origin()).isEqualTo("tweets.raw-0@1");
        assertThat(scored.getQueueSize()).isEqualTo(1);
        assertThat(witness.rejections).containsExactly(rejection);
    }

    @Test
    void aRecordOfAnotherTypeIsRejected() {
        byte[] window = AvroSerde.of(SentimentWindow.class, ids)
                .serializer()
                .serialize("tweets.raw", new SentimentWindow("election", NOON, NOON, 0L, 0L, 0L, 0.0, Map.of()));
        raw.pipeInput("1".getBytes(UTF_8), window);
        assertThat(rejected.readValue()).isEqualTo(window);
        assertThat(witness.rejections)
                .singleElement()
                .satisfies(rejection -> assertThat(rejection.detail()).contains("SentimentWindow"));
    }

    @Test
    void aRecordWithoutAValueIsRejected() {
        raw.pipeInput("1".getBytes(UTF_8), (byte[]) null);
        TestRecord<byte[], byte[]> record = rejected.readRecord();
        assertThat(record.key()).isEqualTo("1".getBytes(UTF_8));
        assertThat(record.value()).isNull();
        assertThat(Rejection.readFrom(record.headers()).orElseThrow().reason()).isEqualTo(Rejection.Reason.UNDECODABLE);
    }

    @Test
    void aTweetUnderAStrangersKeyIsRejectedAsItCame() {
        Tweet tweet = tweet("1", "election", NOON);
        raw.pipeInput(null, bytes(tweet));
        raw.pipeInput("2".getBytes(UTF_8), bytes(tweet));

        List<TestRecord<byte[], byte[]>> records = rejected.readRecordsToList();
        assertThat(records).extracting(TestRecord::key).containsExactly(null, "2".getBytes(UTF_8));
        assertThat(records).extracting(TestRecord::value).containsExactly(bytes(tweet), bytes(tweet));
        assertThat(witness.rejections).extracting(Rejection::reason).containsOnly(Rejection.Reason.INVALID_FIELD);
        assertThat(scored.isEmpty()).isTrue();
    }

    @Test
    void aTweetWithoutAnIdAndATweetFromBefore1970AreRejected() {
        pipe(tweet(" ", "election", NOON));
        pipe(tweet("2", "election", Instant.parse("1969-12-31T23:59:59Z")));
        assertThat(witness.rejections)
                .extracting(Rejection::reason)
                .containsExactly(Rejection.Reason.NO_ID, Rejection.Reason.INVALID_FIELD);
        assertThat(rejected.getQueueSize()).isEqualTo(2);
    }

    /** Else an outage of the registry would send good tweets to tweets.rejected. */
    @Test
    void aRegistryThatDoesNotAnswerIsNotTheTweetsFault() {
        Tweet tweet = tweet("1", "election", NOON);
        byte[] value = bytes(tweet);
        driver.close();
        start(SchemaIds.ofRegistry(Map.of("schema.registry.url", "http://localhost:1", "max.retries", 0)));

        assertThatThrownBy(() -> raw.pipeInput("1".getBytes(UTF_8), value))
                .hasRootCauseInstanceOf(java.net.ConnectException.class)
                .satisfies(thrown ->
                        assertThat(causes(thrown)).hasAtLeastOneElementOfType(RegistryUnavailableException.class));
        assertThat(rejected.isEmpty()).isTrue();
        assertThat(witness.rejections).isEmpty();
    }

    @Test
    void windowsOfEverySizeAddUpToTheirTweets() {
        for (int i = 0; i < 360; i++) pipeAtOnce(tweet("" + i, "election", NOON.plusSeconds(20L * i))); // two hours
        driver.advanceWallClockTime(Duration.ofMillis(100));

        Map<String, SentimentWindow> last = lastWindows();
        for (Duration size : SIZES) {
            List<SentimentWindow> ofSize = last.entrySet().stream()
                    .filter(window -> window.getKey().contains("/" + size + "/"))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(ofSize)
                    .allSatisfy(window -> assertThat(Duration.between(window.getStart(), window.getEnd()))
                            .isEqualTo(size));
            assertThat(ofSize.stream().mapToLong(SentimentWindow::getCount).sum())
                    .isEqualTo(360);
        }
        assertThat(last.get("election/PT10S/2024-08-15T12:00:20Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT1M/2024-08-15T13:59:00Z").getCount()).isEqualTo(3);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(180);
        assertThat(last).hasSize(360 + 120 + 2);
    }

    @Test
    void aWindowTellsHowManyArePositiveHowMuchAndWhichModelsSaySo() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON.plusSeconds(9)));
        model.swap(new Constant("v2", 0.1f));
        pipe(tweet("3", "election", NOON.plusMillis(9_999)));

        SentimentWindow window = lastWindows().get("election/PT10S/2024-08-15T12:00:00Z");
        assertThat(window.getFeed()).isEqualTo("election");
        assertThat(window.getStart()).isEqualTo(NOON);
        assertThat(window.getEnd()).isEqualTo(NOON.plusSeconds(10));
        assertThat(window.getCount()).isEqualTo(3);
        assertThat(window.getPositive()).isEqualTo(2);
        assertThat(window.getNegative()).isEqualTo(1);
        assertThat(window.getMeanProbability()).isCloseTo((0.75 + 0.75 + 0.1) / 3, within(1e-6));
        assertThat(window.getModelVersions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
    }

    /** The windows' part of the topology sees sums, not tweets, and adds them up to the same. */
    @Test
    void tweetsThatComeTogetherGoOnAsOneSumPerFeedAndSlice() {
        TestOutputTopic<String, SentimentAggregate> sums = driver.createOutputTopic(
                "test-feeds-repartition", new StringDeserializer(), new SentimentAggregateSerde().deserializer());
        for (int i = 0; i < 100; i++) pipeAtOnce(tweet("a" + i, "election", NOON.plusMillis(i)));
        for (int i = 0; i < 10; i++) pipeAtOnce(tweet("b" + i, "world cup", NOON.plusMillis(i)));
        assertThat(sums.isEmpty()).isTrue();
        for (int i = 0; i < 7; i++) pipeAtOnce(tweet("c" + i, "election", NOON.plusSeconds(10)));
        driver.advanceWallClockTime(Duration.ofMillis(100));

        assertThat(sums.readRecordsToList())
                .extracting(TestRecord::key, sum -> sum.value().count(), TestRecord::getRecordTime)
                .containsExactlyInAnyOrder(
                        tuple("election", 100L, NOON.plusMillis(99)),
                        tuple("election", 7L, NOON.plusSeconds(10)),
                        tuple("world cup", 10L, NOON.plusMillis(9)));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(sums.isEmpty()).as("a sum that went on is gone").isTrue();
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(100);
        assertThat(last.get("election/PT10S/2024-08-15T12:00:10Z").getCount()).isEqualTo(7);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(107);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getMeanProbability())
                .isEqualTo(0.75);
        assertThat(last.get("world cup/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(10);
    }

    @Test
    void feedsAreCountedEachByItself() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "world cup/final", NOON));
        pipe(tweet("3", "election", NOON));

        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(2);
        assertThat(last.get("world cup/final/PT1H/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(1);
    }

    @Test
    void aTweetIsCountedWhenItWasWrittenNotWhenItArrived() {
        pipe(tweet("1", "election", NOON.plusSeconds(70)));
        pipe(tweet("2", "election", NOON)); // late, but within the grace

        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT10S/2024-08-15T12:01:10Z").getCount()).isEqualTo(1);
        assertThat(witness.late).isEmpty();
    }

    /** The window of ten seconds ends at 12:00:10 and takes tweets until one of 12:05:10 has come. */
    @Test
    void aWindowTakesTweetsUntilItsGraceIsOver() {
        pipe(tweet("1", "election", NOON.plus(GRACE).plusMillis(9_999)));
        pipe(tweet("2", "election", NOON));
        assertThat(witness.late).isEmpty();
        assertThat(lastWindows().get("election/PT10S/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(1);

        pipe(tweet("3", "election", NOON.plus(GRACE).plusSeconds(10)));
        pipe(tweet("4", "election", NOON));
        assertThat(witness.late).containsExactly(Duration.ofSeconds(10));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last).doesNotContainKey("election/PT10S/2024-08-15T12:00:00Z");
        assertThat(last.get("election/PT1M/2024-08-15T12:00:00Z").getCount()).isEqualTo(2);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(4);
    }

    @Test
    void aTweetTooLateForEveryWindowIsScoredAllTheSame() {
        pipe(tweet("1", "election", NOON.plus(Duration.ofDays(3))));
        pipe(tweet("2", "election", NOON));
        assertThat(scored.readValuesToList()).extracting(ScoredTweet::getId).containsExactly("1", "2");
        assertThat(witness.late).containsExactlyElementsOf(SIZES);
    }

    /** Or one wrong clock would close everybody's windows for years. */
    @Test
    void aTweetFromTheFutureIsCountedNow() {
        pipe(tweet("1", "election", Instant.parse("3024-01-01T00:00:00Z")));
        pipe(tweet("2", "election", NOW.minusSeconds(60)));

        assertThat(witness.late).isEmpty();
        assertThat(scored.readValue().getCreatedAt()).isEqualTo(Instant.parse("3024-01-01T00:00:00Z"));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-09-01T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT10S/2024-09-01T11:59:00Z").getCount()).isEqualTo(1);
    }

    /** State, and what waits in internal topics, is found by these names: who changes one loses what is there. */
    @Test
    void storesAndInternalTopicsKeepTheirNames() {
        Set<String> stores = new TreeSet<>();
        Set<String> topics = new TreeSet<>();
        for (TopologyDescription.Subtopology part : topology(ids).describe().subtopologies())
            for (TopologyDescription.Node node : part.nodes()) {
                assertThat(node.name()).doesNotContainPattern("\\d{10}");
                if (node instanceof TopologyDescription.Processor processor) stores.addAll(processor.stores());
                if (node instanceof TopologyDescription.Source source) topics.addAll(source.topicSet());
                if (node instanceof TopologyDescription.Sink sink) topics.add(sink.topic());
            }
        assertThat(stores)
                .containsExactly("drift-PT1H", "partial-sums", "windows-PT10S", "windows-PT1H", "windows-PT1M");
        assertThat(topics)
                .containsExactly(
                        "feeds-repartition",
                        "sentiment.drift",
                        "sentiment.windows",
                        "tweets.raw",
                        "tweets.rejected",
                        "tweets.scored",
                        "tweets.shadow");
    }

    private Map<String, SentimentWindow> lastWindows() {
        Map<String, SentimentWindow> last = new HashMap<>();
        windows.readKeyValuesToList().forEach(record -> last.put(record.key, record.value));
        return last;
    }

    private Map<String, DriftWindow> lastDrift() {
        Map<String, DriftWindow> last = new HashMap<>();
        drift.readKeyValuesToList().forEach(record -> last.put(record.key, record.value));
        return last;
    }

    /** A model whose report holds this histogram, as it stands in its artefact's header. */
    private static ModelManifest manifest(String version, String histogram) {
        return new ModelManifest(
                version,
                null,
                NOW,
                "{\"__metadata__\":{\"report\":\"{\\\"test\\\":{\\\"histogram\\\":" + histogram + "}}\"}}",
                List.of());
    }

    /** One tweet, and a while without any, in which its feed's partial sum goes on. */
    private void pipe(Tweet tweet) {
        pipeAtOnce(tweet);
        driver.advanceWallClockTime(Duration.ofMillis(100));
    }

    private void pipeAtOnce(Tweet tweet) {
        raw.pipeInput(tweet.getId().getBytes(UTF_8), bytes(tweet), NOW);
    }

    private byte[] bytes(Tweet tweet) {
        return AvroSerde.of(Tweet.class, ids).serializer().serialize("tweets.raw", tweet);
    }

    private static Tweet tweet(String id, String feed, Instant createdAt) {
        return tweet(id, feed, createdAt, "a tweet");
    }

    private static Tweet tweet(String id, String feed, Instant createdAt, String text) {
        return new Tweet(id, text, feed, "en", null, createdAt, NOW);
    }

    private static List<Throwable> causes(Throwable thrown) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) causes.add(cause);
        return causes;
    }
}
