// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.local.SchemaRegistry;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.reject.Rejection;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classifier as it is shipped, against a real broker and a real registry. */
class ClassifierIT {
    private static final Duration PATIENCE = RunningClassifier.PATIENCE;
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private static final List<Duration> SIZES =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));

    private final PublishedModel good = TestModels.published(TestModels.constant("good", 0.75));
    private final PublishedModel better = TestModels.published(TestModels.constant("better", 0.25));
    private final PublishedModel best = TestModels.published(TestModels.constant("best", 0.875));

    @TempDir
    private Path folder;

    @Test
    void everyTweetIsScoredAndCountedOnceOverACrashThatLosesTheState() throws Exception {
        int tweets = 40_000;
        try (LocalKafka kafka = LocalKafka.start();
                TestTopics topics = new TestTopics(kafka.bootstrapServers(), kafka.registryUrl())) {
            Map<String, String> settings = settings(kafka.bootstrapServers(), kafka.registryUrl());
            settings.put("DEEPTWEET_WINDOW_GRACE", "3650d");
            try (RunningClassifier first = new RunningClassifier(folder.resolve("first"), settings)) {
                first.awaitNotReady("waiting for a model: publish one and activate it");
                assertThat(first.answers(200, "/q/health/live")).isTrue();
                assertThat(first.status().path("state").asText()).isEqualTo("WAITING");

                topics.publish(good);
                first.awaitReady();
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> topics.send(tweets(0, tweets)));
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> first.metric("deeptweet_scored_total") > 2_000);
                first.kill();
                sending.join();
            }
            assertThat(topics.read("tweets.scored"))
                    .as("the crash came too late")
                    .hasSizeLessThan(tweets);

            try (RunningClassifier second = new RunningClassifier(folder.resolve("second"), settings)) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(topics.read("tweets.scored")).hasSize(tweets);
                    for (Duration size : SIZES) assertThat(topics.counted(size)).isEqualTo(tweets);
                });
                assertThat(topics.read("tweets.scored"))
                        .extracting(ConsumerRecord::key)
                        .doesNotHaveDuplicates();
                assertThat(topics.partitions("tweets.scored")).isEqualTo(topics.partitions("tweets.raw"));
                await().atMost(PATIENCE).until(() -> second.status().path("lag").asLong(-1) == 0);
                assertThat(second.metric("deeptweet_lag")).isZero();
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                ConfigResource changelog =
                        new ConfigResource(ConfigResource.Type.TOPIC, "deeptweet-classifier-windows-PT10S-changelog");
                assertThat(admin.describeConfigs(Set.of(changelog))
                                .all()
                                .get()
                                .get(changelog)
                                .get("message.timestamp.type")
                                .value())
                        .as("else its retention deletes the state of a replay")
                        .isEqualTo("LogAppendTime");
            }
        }
    }

    @Test
    void modelsAreSwappedWhileTweetsComeAndABrokenOneIsRefused() throws Exception {
        try (LocalKafka kafka = LocalKafka.start();
                TestTopics topics = new TestTopics(kafka.bootstrapServers(), kafka.registryUrl())) {
            Map<String, String> settings = settings(kafka.bootstrapServers(), kafka.registryUrl());
            settings.put("DEEPTWEET_WINDOW_GRACE", "1m");
            settings.put("DEEPTWEET_TOPICS_PARTITIONS", "2");
            try (RunningClassifier classifier = new RunningClassifier(folder.resolve("first"), settings)) {
                classifier.awaitNotReady("waiting for a model");
                topics.publish(good);
                classifier.awaitReady();
                topics.send(tweets(0, 100));
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.read("tweets.scored")).hasSize(100));

                topics.publish(better);
                classifier.awaitModel(better.version());
                topics.send(tweets(100, 200));
                topics.sendBytes("7".getBytes(UTF_8), new byte[] {1, 2, 3});
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.read("tweets.scored")).hasSize(200));

                // A chunk that is not what its digest says: refused, named, and the model before goes on.
                String chunk = ModelLog.chunkKey(best.tensors().get(0).sha256(), 0);
                Map<String, ModelRecord> records = best.records(Set.of(), Instant.now());
                ModelRecord whole = records.put(
                        chunk,
                        new ModelRecord(new TensorChunk(
                                best.tensors().get(0).sha256(),
                                0,
                                ByteBuffer.wrap(new byte[best.tensors().get(0).bytes().length - 1]))));
                topics.publish(best.version(), records);
                await().atMost(PATIENCE)
                        .until(() -> !classifier.status().path("refusedModels").isEmpty());
                assertThat(classifier.status().path("refusedModels").get(0).asText())
                        .startsWith("model " + best.version() + " refused: tensor embedding ")
                        .endsWith("; " + better.version() + " goes on scoring");
                assertThat(classifier.metric("deeptweet_model_refused_total")).isEqualTo(1);
                topics.send(tweets(200, 300));
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.read("tweets.scored")).hasSize(300));

                records.put(chunk, whole);
                topics.publish(best.version(), records);
                classifier.awaitModel(best.version());
                topics.send(tweets(300, 400));
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.read("tweets.scored")).hasSize(400));

                for (ScoredTweet tweet : topics.values("tweets.scored", ScoredTweet.class)) {
                    int id = Integer.parseInt(tweet.getId());
                    PublishedModel expected = id < 100 ? good : id < 300 ? better : best;
                    assertThat(tweet.getModelVersion()).isEqualTo(expected.version());
                }
                assertThat(topics.read("tweets.rejected")).singleElement().satisfies(record -> {
                    assertThat(record.key()).isEqualTo("7");
                    assertThat(record.value()).containsExactly(1, 2, 3);
                    assertThat(Rejection.readFrom(record.headers())
                                    .orElseThrow()
                                    .origin())
                            .startsWith("tweets.raw-")
                            .contains("@");
                });
                assertThat(classifier.body("/q/metrics"))
                        .contains("deeptweet_active_model_info{version=\"" + best.version() + "\"")
                        .doesNotContain("version=\"" + better.version() + "\"")
                        .contains(
                                "deeptweet_scored_total 400.0",
                                "deeptweet_rejected_total{reason=\"undecodable\"} 1.0",
                                "deeptweet_scoring_seconds_bucket{",
                                "kafka_stream_");
                assertThat(classifier.log()).contains("model " + good.version() + " → " + better.version() + ", in ");

                // Ten days later: what was written before is late by now.
                topics.send(List.of(tweet("401", NOON.plus(Duration.ofDays(10)))));
                await().atMost(PATIENCE)
                        .until(() -> topics.windows().containsKey("election/PT1H/2024-08-25T12:00:00Z"));
            }

            // Ended in order, it has committed its work and left its group, so that the next one need not wait for its
            // session to end.
            // The time of the stream outlives a restart: late tweets do not begin a window anew, with a count of one.
            assertThat(Files.readString(folder.resolve("first/classifier.log")))
                    .contains("the stream has stopped, with all that it did committed");
            try (RunningClassifier classifier = new RunningClassifier(folder.resolve("second"), settings)) {
                classifier.awaitReady();
                topics.send(List.of(tweet("402", NOON)));
                await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_late_total") == SIZES.size());
                assertThat(topics.read("tweets.scored")).hasSize(402);
                assertThat(topics.windows()
                                .get("election/PT1H/2024-08-15T12:00:00Z")
                                .getCount())
                        .isEqualTo(400);
            }
        }
    }

    /**
     * Chunks are there, the commit is not, and the classifier dies; whoever comes back scores with what was committed
     * meanwhile.
     */
    @Test
    void aClassifierKilledWhileAModelIsPublishedLosesNothingDoublesNothingAndComesBackWithTheNewOne() {
        int tweets = 20_000;
        try (LocalKafka kafka = LocalKafka.start();
                TestTopics topics = new TestTopics(kafka.bootstrapServers(), kafka.registryUrl())) {
            Map<String, String> settings = settings(kafka.bootstrapServers(), kafka.registryUrl());
            settings.put("DEEPTWEET_WINDOW_GRACE", "3650d");
            try (RunningClassifier first = new RunningClassifier(folder.resolve("one"), settings)) {
                first.awaitNotReady("waiting for a model");
                topics.publish(good);
                first.awaitReady();
                CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> topics.send(tweets(0, tweets)));
                Map<String, ModelRecord> records = new LinkedHashMap<>(better.records(Set.of(), Instant.now()));
                records.put(ModelLog.ACTIVE, TestTopics.activation(better.version()));
                Runnable commit = topics.begin(records);
                await().atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(20))
                        .until(() -> first.metric("deeptweet_scored_total") > 1_000);
                first.kill();
                commit.run();
                sending.join();
            }
            assertThat(topics.read("tweets.scored"))
                    .as("the crash came too late")
                    .hasSizeLessThan(tweets);

            try (RunningClassifier again =
                    new RunningClassifier(folder.resolve("one"), settings)) { // with the state that the first left
                again.awaitReady().awaitModel(better.version());
                await().atMost(PATIENCE).untilAsserted(() -> {
                    assertThat(topics.read("tweets.scored")).hasSize(tweets);
                    for (Duration size : SIZES) assertThat(topics.counted(size)).isEqualTo(tweets);
                });
                assertThat(topics.read("tweets.scored"))
                        .extracting(ConsumerRecord::key)
                        .doesNotHaveDuplicates();
                assertThat(topics.last("sentiment.drift", DriftWindow.class).values().stream()
                                .mapToLong(DriftWindow::getCount)
                                .sum())
                        .as("drift is measured once per tweet too")
                        .isEqualTo(tweets);
                assertThat(topics.values("tweets.scored", ScoredTweet.class))
                        .extracting(ScoredTweet::getModelVersion)
                        .containsOnly(good.version(), better.version());
                assertThat(again.status().path("refusedModels")).isEmpty();
            }
        }
    }

    /** Each is refused and named, and the model before goes on. */
    @Test
    void brokenModelsAreRefusedOneAfterTheOther() {
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("missing tensor", "tensor dense.weight is missing");
        faults.put("wrong shape", "tensor dense.weight has the shape [1, 4], needs [4, 1]");
        faults.put("NaN", "tensor embedding holds NaN at 0");
        faults.put("newer format", "the format_version is 2, but this program reads 1");
        faults.put("another version", "its artefact says it is " + better.version());
        try (LocalKafka kafka = LocalKafka.start();
                TestTopics topics = new TestTopics(kafka.bootstrapServers(), kafka.registryUrl());
                RunningClassifier classifier =
                        new RunningClassifier(folder, settings(kafka.bootstrapServers(), kafka.registryUrl()))) {
            classifier.awaitNotReady("waiting for a model");
            topics.publish(good);
            classifier.awaitReady();
            int refused = 0;
            int sent = 0;
            for (Map.Entry<String, String> fault : faults.entrySet()) {
                PublishedModel broken = TestModels.broken(better, fault.getKey());
                topics.publish(broken);
                String sentence = "model " + broken.version() + " refused: " + fault.getValue();
                refused++;
                int expected = refused;
                await().atMost(PATIENCE)
                        .until(() -> classifier.status().path("refusedModels").size() == expected);
                assertThat(classifier
                                .status()
                                .path("refusedModels")
                                .get(expected - 1)
                                .asText())
                        .startsWith(sentence)
                        .endsWith("; " + good.version() + " goes on scoring");
                assertThat(classifier.log()).contains(sentence);
                topics.send(tweets(sent, sent += 10));
            }
            // A manifest that names a tensor of which no chunk was ever sent; its embedding the topic has from the
            // others.
            PublishedModel.Tensor own = best.tensors().stream()
                    .filter(tensor -> tensor.name().equals("dense.bias"))
                    .findFirst()
                    .orElseThrow();
            Map<String, ModelRecord> records = best.records(Set.of(), Instant.now());
            records.keySet().removeIf(key -> key.startsWith("tensor/" + own.sha256()));
            topics.publish(best.version(), records);
            await().atMost(PATIENCE)
                    .until(() -> classifier.status().path("refusedModels").size() == faults.size() + 1);
            assertThat(classifier
                            .status()
                            .path("refusedModels")
                            .get(faults.size())
                            .asText())
                    .startsWith("model " + best.version() + " refused: tensor dense.bias lacks chunk 0 of 1");
            assertThat(classifier.metric("deeptweet_model_refused_total")).isEqualTo(faults.size() + 1);

            topics.send(tweets(sent, sent + 10));
            int all = sent + 10;
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.values("tweets.scored", ScoredTweet.class))
                            .hasSize(all)
                            .extracting(ScoredTweet::getModelVersion)
                            .containsOnly(good.version()));
        }
    }

    @Test
    void everyInstanceSwapsAndShadowsAlikeAndALateOneOfTheCompactedTopicToo() throws Exception {
        try (LocalKafka kafka = LocalKafka.start();
                TestTopics topics = new TestTopics(kafka.bootstrapServers(), kafka.registryUrl())) {
            Map<String, String> settings = settings(kafka.bootstrapServers(), kafka.registryUrl());
            settings.put("DEEPTWEET_DRIFT_LEAST_TWEETS", "50");
            try (RunningClassifier one = new RunningClassifier(folder.resolve("one"), settings);
                    RunningClassifier two = new RunningClassifier(folder.resolve("two"), settings)) {
                one.awaitNotReady("waiting for a model");
                topics.publish(good);
                for (RunningClassifier each : List.of(one, two)) each.awaitReady();
                for (RunningClassifier each : List.of(one, two))
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(each.status().path("instances"))
                                    .extracting(JsonNode::asText)
                                    .containsExactlyInAnyOrder(one.address(), two.address()));

                Map<String, ModelRecord> records = new LinkedHashMap<>(better.records(Set.of(), Instant.now()));
                records.put(ModelLog.SHADOW, TestTopics.activation(better.version()));
                topics.begin(records).run();
                for (RunningClassifier each : List.of(one, two)) each.awaitShadow(better.version());
                topics.send(tweets(0, 200));
                await().atMost(PATIENCE)
                        .until(() -> topics.read("tweets.shadow").size() == 200);
                assertThat(topics.partitions("tweets.shadow")).isEqualTo(topics.partitions("tweets.raw"));
                assertThat(topics.values("tweets.shadow", ScoredTweet.class))
                        .allSatisfy(tweet -> assertThat(tweet.getModelVersion()).isEqualTo(better.version()));
                assertThat(topics.values("tweets.scored", ScoredTweet.class))
                        .hasSize(200)
                        .allSatisfy(tweet -> assertThat(tweet.getModelVersion()).isEqualTo(good.version()));
                assertThat(one.metric("deeptweet_shadow_difference_count")
                                + two.metric("deeptweet_shadow_difference_count"))
                        .isEqualTo(200);
                assertThat(one.metric("deeptweet_shadow_disagreed_total")
                                + two.metric("deeptweet_shadow_disagreed_total"))
                        .isEqualTo(200);
                for (RunningClassifier each : List.of(one, two)) {
                    assertThat(each.body("/q/metrics"))
                            .contains("deeptweet_shadow_model_info{version=\"" + better.version() + "\"");
                    if (each.metric("deeptweet_shadow_difference_count") > 0)
                        assertThat(each.status()
                                        .path("shadow")
                                        .path("meanDifference")
                                        .asDouble())
                                .isCloseTo(0.5, within(1e-6));
                }
                // One of the two measures the feed.
                await().atMost(PATIENCE)
                        .until(() -> one.status().path("drift").size()
                                        + two.status().path("drift").size()
                                == 1);
                assertThat(one.metric("deeptweet_drift_unknown") + two.metric("deeptweet_drift_unknown"))
                        .isCloseTo(2 / 3.0, within(1e-9)); // of "i love this"

                Map<String, ModelRecord> promotion = new LinkedHashMap<>();
                promotion.put(ModelLog.ACTIVE, TestTopics.activation(better.version()));
                promotion.put(ModelLog.SHADOW, null);
                topics.begin(promotion).run();
                for (RunningClassifier each : List.of(one, two)) {
                    each.awaitModel(better.version());
                    each.awaitShadow("");
                }
                topics.send(tweets(200, 300));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(topics.values("tweets.scored", ScoredTweet.class))
                                .hasSize(300));
                assertThat(topics.values("tweets.scored", ScoredTweet.class))
                        .allSatisfy(tweet -> assertThat(tweet.getModelVersion())
                                .isEqualTo((Integer.parseInt(tweet.getId()) < 200 ? good : better).version()));
                assertThat(topics.read("tweets.shadow")).hasSize(200);

                // A shadow that is broken disturbs nobody.
                PublishedModel broken = TestModels.broken(best, "NaN");
                Map<String, ModelRecord> bad = new LinkedHashMap<>(broken.records(Set.of(), Instant.now()));
                bad.put(ModelLog.SHADOW, TestTopics.activation(broken.version()));
                topics.begin(bad).run();
                for (RunningClassifier each : List.of(one, two))
                    await().atMost(PATIENCE).until(() -> each.log().contains("holds NaN at 0; no shadow scores"));
                topics.send(tweets(300, 400));
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(topics.read("tweets.scored")).hasSize(400));
                assertThat(topics.read("tweets.shadow")).hasSize(200);
            }

            // The first model is taken back, and the topic is compacted for real.
            Map<String, ModelRecord> tombstones = new LinkedHashMap<>();
            good.records(
                            better.tensors().stream()
                                    .map(PublishedModel.Tensor::sha256)
                                    .collect(Collectors.toSet()),
                            Instant.now())
                    .keySet()
                    .forEach(key -> tombstones.put(key, null));
            tombstones.put(ModelLog.SHADOW, null);
            topics.begin(tombstones).run();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                ConfigResource models = new ConfigResource(ConfigResource.Type.TOPIC, "sentiment.models");
                admin.incrementalAlterConfigs(Map.of(
                                models,
                                Map.of(
                                                "segment.ms",
                                                "100",
                                                "min.cleanable.dirty.ratio",
                                                "0.001",
                                                "delete.retention.ms",
                                                "0")
                                        .entrySet()
                                        .stream()
                                        .map(setting -> new AlterConfigOp(
                                                new ConfigEntry(setting.getKey(), setting.getValue()),
                                                AlterConfigOp.OpType.SET))
                                        .toList()))
                        .all()
                        .get();
            }
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).until(() -> {
                topics.publish(better.version(), Map.of()); // closes the segment before: only closed ones are compacted
                List<String> keys = topics.read("sentiment.models").stream()
                        .map(ConsumerRecord::key)
                        .toList();
                return !keys.contains(ModelLog.manifestKey(good.version()));
            });
            try (RunningClassifier late = new RunningClassifier(folder.resolve("late"), settings)) {
                late.awaitReady().awaitModel(better.version());
                topics.send(tweets(400, 500));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(topics.values("tweets.scored", ScoredTweet.class))
                                .hasSize(500)
                                .extracting(ScoredTweet::getId)
                                .doesNotHaveDuplicates());
                assertThat(late.status().path("refusedModels")).isEmpty();
            }
        }
    }

    @Test
    void anOutageOfTheRegistryIsWaitedOutAndNoTweetIsRejected() {
        Path data = folder.resolve("registry");
        int port = Ports.free();
        try (KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), Ports.free())) {
            SchemaRegistry before = SchemaRegistry.start(LocalKafka.home(), data, port);
            Map<String, String> settings = settings(broker.bootstrapServers(), before.url());
            settings.put("KAFKA_RETRIES_WAIT_MS", "10");
            try (TestTopics topics = new TestTopics(broker.bootstrapServers(), before.url());
                    RunningClassifier classifier = new RunningClassifier(folder, settings)) {
                classifier.awaitNotReady("waiting for a model");
                topics.publish(good);
                classifier.awaitReady();
                byte[] bytes = topics.bytes(
                        tweet("1", NOON)); // its schema is registered, but the classifier has not asked for it yet
                before.close();

                topics.sendBytes("1".getBytes(UTF_8), bytes);
                classifier.awaitNotReady("the schema registry at http://localhost:" + port);
                assertThat(classifier.answers(200, "/q/health/live")).isTrue();
                assertThat(topics.read("tweets.rejected")).isEmpty();
                assertThat(classifier.log().lines().filter(line -> line.contains("the stream waits")))
                        .as("said once")
                        .hasSize(1);
                assertThat(classifier.log()).doesNotContain("\tat ");

                try (SchemaRegistry after = SchemaRegistry.start(LocalKafka.home(), data, port)) {
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(topics.values("tweets.scored", ScoredTweet.class))
                                    .extracting(ScoredTweet::getId)
                                    .containsExactly("1"));
                    classifier.awaitReady();
                }
                assertThat(topics.read("tweets.rejected")).isEmpty();
            } finally {
                before.close();
            }
        }
    }

    @Test
    void topicsThatWouldMisplaceTweetsStopTheStart() throws Exception {
        try (KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), Ports.free());
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(
                            new NewTopic("tweets.raw", 2, (short) 1), new NewTopic("tweets.scored", 3, (short) 1)))
                    .all()
                    .get();
            try (RunningClassifier classifier =
                    new RunningClassifier(folder, settings(broker.bootstrapServers(), "http://localhost:1"))) {
                assertThat(classifier.exitCode()).isEqualTo(1);
                assertThat(classifier.log())
                        .contains(
                                "the classifier cannot start: topic tweets.scored has partitions 3 where DeepTweet needs 2")
                        .doesNotContain("\tat ");
            }
        }
    }

    @Test
    void aWrongSettingStopsTheStartWithASentence() throws Exception {
        Map<String, String> settings = settings("localhost:1", "http://localhost:1");
        settings.put("DEEPTWEET_WINDOW_GRACE", "-5s");
        try (RunningClassifier classifier = new RunningClassifier(folder, settings)) {
            assertThat(classifier.exitCode()).isEqualTo(1);
            assertThat(classifier.log())
                    .contains("deeptweet.window.grace is -5s: use zero or longer, such as 30s")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void aBrokerThatIsNotThereYetIsWaitedFor() {
        try (RunningClassifier classifier =
                new RunningClassifier(folder, quick(settings("localhost:1", "http://localhost:1")))) {
            classifier.awaitNotReady("waiting for Kafka at localhost:1");
            assertThat(classifier.answers(200, "/q/health/live")).isTrue();
        }
    }

    private static Map<String, String> settings(String bootstrapServers, String registryUrl) {
        return new HashMap<>(
                Map.of("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers, "KAFKA_SCHEMA_REGISTRY_URL", registryUrl));
    }

    private static Map<String, String> quick(Map<String, String> settings) {
        settings.putAll(Map.of("KAFKA_DEFAULT_API_TIMEOUT_MS", "2000", "KAFKA_REQUEST_TIMEOUT_MS", "1000"));
        return settings;
    }

    /** Tweets from this id to before that, a second apart. */
    private static List<Tweet> tweets(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(id -> tweet("" + id, NOON.plusSeconds(id % 1800)))
                .toList();
    }

    private static Tweet tweet(String id, Instant createdAt) {
        return new Tweet(id, "I love this", "election", "en", null, createdAt, Instant.parse("2026-01-01T00:00:00Z"));
    }
}
