// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.NOON;
import static io.deeptweet.classifier.TestTweets.number;
import static io.deeptweet.classifier.TestTweets.tweet;
import static io.deeptweet.classifier.TestTweets.tweets;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.published.PublishedModel;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.topic.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a running classifier does with models, invalid records and outages. The tests share one process; each has models
 * and tweet ids of its own.
 */
class ClassifierIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;

    @TempDir
    private static Path folder;

    private static TestTopics topics;
    private static RegistryProxy registry;
    private static ClassifierProcess classifier;

    @BeforeAll
    static void start() {
        topics = TestTopics.empty();
        registry = new RegistryProxy();
        classifier = ClassifierProcess.start(
                folder,
                Map.of(
                        "KAFKA_SCHEMA_REGISTRY_URL", registry.url(),
                        "KAFKA_RETRIES_WAIT_MS", "10",
                        "DEEPTWEET_APPLICATION_ID", "classifier-it",
                        "DEEPTWEET_WINDOW_GRACE", "3650d"));
        classifier.awaitNotReady("waiting for a model: publish one and activate it");
        assertThat(classifier.answers(200, "/q/health/live")).isTrue();
        assertThat(classifier.status().path("state").asText()).isEqualTo("WAITING");
    }

    @AfterAll
    static void stop() {
        classifier.close();
        registry.close();
        topics.close();
    }

    @Test
    void modelsAreSwappedWhileTweetsArriveAndABrokenOneIsRefused() {
        PublishedModel good = model("swap-good", 0.75);
        PublishedModel better = model("swap-better", 0.25);
        PublishedModel best = model("swap-best", 0.875);
        activate(good);
        double scored = classifier.metric("deeptweet_scored_total");
        double rejected = classifier.metric("deeptweet_rejected_total{reason=\"undecodable\"}");
        double refused = classifier.metric("deeptweet_model_refused_total");
        sendAndAwait("swap-", 0, 100);

        activate(better);
        TestTopics.await(topics.sendBytes("no tweet".getBytes(UTF_8), new byte[] {1, 2, 3}));
        sendAndAwait("swap-", 100, 200);

        // A chunk that does not match its digest: the model is refused, and the active one continues.
        String chunk = ModelLog.chunkKey(best.tensors().get(0).sha256(), 0);
        Map<String, ModelRecord> records = best.records(Set.of(), Instant.now());
        ModelRecord whole = records.put(
                chunk,
                new ModelRecord(new TensorChunk(
                        best.tensors().get(0).sha256(),
                        0,
                        ByteBuffer.wrap(new byte[best.tensors().get(0).bytes().length - 1]))));
        topics.publish(best.version(), records);
        await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_model_refused_total") == refused + 1);
        assertThat(lastRefusal())
                .startsWith("model " + best.version() + " refused: tensor embedding ")
                .endsWith("; " + better.version() + " goes on scoring");
        sendAndAwait("swap-", 200, 300);

        records.put(chunk, whole);
        topics.publish(best.version(), records);
        classifier.awaitModel(best.version());
        sendAndAwait("swap-", 300, 400);

        for (ScoredTweet tweet : topics.scored("swap-")) {
            int number = number("swap-", tweet.getId());
            PublishedModel expected = number < 100 ? good : number < 300 ? better : best;
            assertThat(tweet.getModelVersion()).isEqualTo(expected.version());
        }
        assertThat(topics.read(Topics.REJECTED)).singleElement().satisfies(record -> {
            assertThat(record.key()).isEqualTo("no tweet");
            assertThat(record.value()).containsExactly(1, 2, 3);
            assertThat(Rejection.readFrom(record.headers()).orElseThrow().origin())
                    .startsWith("tweets.raw-")
                    .contains("@");
        });
        assertThat(classifier.metric("deeptweet_scored_total")).isEqualTo(scored + 400);
        assertThat(classifier.metric("deeptweet_rejected_total{reason=\"undecodable\"}"))
                .isEqualTo(rejected + 1);
        assertThat(classifier.body("/q/metrics"))
                .contains("deeptweet_active_model_info{version=\"" + best.version() + "\"")
                .doesNotContain("version=\"" + better.version() + "\"")
                .contains("deeptweet_scoring_seconds_bucket{", "kafka_stream_");
        assertThat(classifier.log()).contains("model " + good.version() + " → " + better.version() + ", in ");
    }

    @Test
    void eachKindOfBrokenModelIsRefusedAndTheActiveOneContinues() {
        PublishedModel good = model("broken-good", 0.75);
        PublishedModel better = model("broken-better", 0.25);
        PublishedModel best = model("broken-best", 0.875);
        Map<String, String> faults = new LinkedHashMap<>();
        faults.put("missing tensor", "tensor dense.weight is missing");
        faults.put("wrong shape", "tensor dense.weight has the shape [1, 4], needs [4, 1]");
        faults.put("NaN", "tensor embedding holds NaN at 0");
        faults.put("newer format", "the format_version is 3, but this program reads 1 to 2");
        faults.put("another version", "its artefact says it is " + better.version());
        activate(good);
        int sent = 0;
        for (Map.Entry<String, String> fault : faults.entrySet()) {
            PublishedModel broken = TestModels.broken(better, fault.getKey());
            double refused = classifier.metric("deeptweet_model_refused_total");
            topics.publish(broken);
            await().atMost(PATIENCE).until(() -> classifier.metric("deeptweet_model_refused_total") == refused + 1);
            String sentence = "model " + broken.version() + " refused: " + fault.getValue();
            assertThat(lastRefusal()).startsWith(sentence).endsWith("; " + good.version() + " goes on scoring");
            assertThat(classifier.log()).contains(sentence);
            topics.send(tweets("broken-", sent, sent += 10));
        }
        // A manifest with a tensor of which no chunk was ever sent; the topic has the embedding from the others.
        PublishedModel.Tensor own = best.tensors().stream()
                .filter(tensor -> tensor.name().equals("dense.bias"))
                .findFirst()
                .orElseThrow();
        Map<String, ModelRecord> records = best.records(Set.of(), Instant.now());
        records.keySet().removeIf(key -> key.startsWith("tensor/" + own.sha256()));
        topics.publish(best.version(), records);
        await().atMost(PATIENCE).until(() -> lastRefusal().contains(best.version()));
        assertThat(lastRefusal())
                .startsWith("model " + best.version() + " refused: tensor dense.bias lacks chunk 0 of 1");

        sendAndAwait("broken-", sent, sent + 10);
        assertThat(topics.scored("broken-"))
                .extracting(ScoredTweet::getModelVersion)
                .containsOnly(good.version());
    }

    @Test
    void anOutageOfTheRegistryIsWaitedOutAndNoTweetIsRejected() {
        activate(model("outage", 0.75));
        // Another version of the schema, whose id the classifier has not asked for yet.
        int schemaId = topics.ids().idOf("tweets.raw-value", withAnotherField(Tweet.getClassSchema()));
        byte[] bytes = topics.bytes(tweet("outage-1", NOON));
        ByteBuffer.wrap(bytes).putInt(1, schemaId);
        byte[] withNull = Arrays.copyOf(bytes, bytes.length + 1); // the other field, null
        int rejected = topics.read(Topics.REJECTED).size();
        registry.stop();

        TestTopics.await(topics.sendBytes("outage-1".getBytes(UTF_8), withNull));
        classifier.awaitNotReady("the schema registry at " + registry.url());
        assertThat(classifier.answers(200, "/q/health/live")).isTrue();
        assertThat(topics.read(Topics.REJECTED)).hasSize(rejected);
        assertThat(classifier.log().lines().filter(line -> line.contains("the stream waits")))
                .as("logged once")
                .hasSize(1);
        assertThat(classifier.log()).doesNotContain("\tat ");

        registry.start();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.scored("outage-"))
                        .extracting(ScoredTweet::getId)
                        .containsExactly("outage-1"));
        classifier.awaitReady();
        assertThat(topics.read(Topics.REJECTED)).hasSize(rejected);
    }

    private static PublishedModel model(String name, double probability) {
        return TestModels.published(TestModels.constant(name, probability));
    }

    private static void activate(PublishedModel model) {
        topics.publish(model);
        classifier.awaitModel(model.version());
        classifier.awaitReady();
    }

    /** Sends the tweets from a number to before another, and waits until all from 0 on are scored. */
    private static void sendAndAwait(String prefix, int from, int to) {
        topics.send(tweets(prefix, from, to));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.scored(prefix)).hasSize(to));
    }

    private static String lastRefusal() {
        List<String> refusals = classifier.refusals();
        return refusals.isEmpty() ? "" : refusals.get(refusals.size() - 1);
    }

    private static Schema withAnotherField(Schema schema) {
        String fields = "\"fields\":[";
        String json = schema.toString();
        int end = json.lastIndexOf(']');
        assertThat(json).contains(fields);
        return new Schema.Parser()
                .parse(json.substring(0, end) + ",{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null}"
                        + json.substring(end));
    }
}
