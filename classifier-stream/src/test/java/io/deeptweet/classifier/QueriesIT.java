// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static io.deeptweet.classifier.TestTweets.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.published.PublishedModel;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows and scores over HTTP, of two instances that each hold some of the feeds. */
class QueriesIT {
    private static final Duration PATIENCE = ClassifierProcess.PATIENCE;
    private static final int FEEDS = 10;
    private static final int TWEETS = 300;
    private static final int LATER = 1_200;
    private static final int WINDOWS = TWEETS / FEEDS + 1;
    private static final Map<String, String> SETTINGS = Map.of(
            "DEEPTWEET_APPLICATION_ID", "queries-it",
            "DEEPTWEET_WINDOW_PARTITIONS", "2",
            "DEEPTWEET_WINDOW_GRACE", "5m");

    private final PublishedModel model = TestModels.published(TestModels.constant("good", 0.75));
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    private TestTopics topics;

    @BeforeEach
    void start() {
        topics = TestTopics.empty();
    }

    @AfterEach
    void stop() {
        topics.close();
    }

    @Test
    void allInstancesGiveTheSameAnswersAlsoAfterOneIsKilled() throws Exception {
        try (ClassifierProcess one = ClassifierProcess.start(folder.resolve("one"), SETTINGS);
                ClassifierProcess two = ClassifierProcess.start(folder.resolve("two"), SETTINGS)) {
            List<ClassifierProcess> both = List.of(one, two);
            one.awaitNotReady("waiting for a model"); // and has created the topics
            topics.publish(model);
            both.forEach(ClassifierProcess::awaitReady);
            for (ClassifierProcess each : both)
                await().atMost(PATIENCE)
                        .until(() -> each.status().path("instances").size() == 2);
            topics.send(tweets());
            for (ClassifierProcess each : both)
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(counts(each)).isEqualTo(all()));
            topics.send(List.of(tweet("later", "feed-3", NOON.plusSeconds(LATER)))); // closes the windows before
            for (ClassifierProcess each : both)
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(
                                        json(each, "/windows/feed-3?size=10s").path("windows"))
                                .hasSize(WINDOWS));
            windowsOfAFeed(both);
            wrongParameters(one);
            tweets(two);
            scores(one);
            everyInstanceTellsWhichModelScoresOnAll(one, two);
            events(one, two);

            two.kill();
            await().atMost(PATIENCE).until(() -> {
                HttpResponse<String> answer = get(one, "/windows?size=1h", "Accept", "application/json");
                // Never an answer without the feeds of the other.
                if (answer.statusCode() == 200)
                    return counts(answer.body()).keySet().equals(all().keySet());
                assertThat(answer.statusCode()).isEqualTo(503);
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                return false;
            });
            assertThat(json(one, "/windows/feed-3?size=10s&from=" + NOON).path("windows"))
                    .hasSize(WINDOWS);
        }
    }

    /** A tweet a second, in turn of each feed: each feed has one in each window of 10 s. */
    private static List<Tweet> tweets() {
        return IntStream.range(0, TWEETS)
                .mapToObj(i -> tweet("id-" + i, "feed-" + i % FEEDS, NOON.plusSeconds(i)))
                .toList();
    }

    private static Tweet tweet(String id, String feed, Instant createdAt) {
        return new Tweet(id, "I love this", feed, "en", null, createdAt, createdAt, TweetKind.POST);
    }

    private static Map<String, Integer> all() {
        Map<String, Integer> all = new HashMap<>();
        for (int i = 0; i < FEEDS; i++) all.put("feed-" + i, TWEETS / FEEDS);
        return all;
    }

    private Map<String, Integer> counts(ClassifierProcess instance) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(instance, "/windows?size=1h", "Accept", "application/json");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return counts(answer.body());
    }

    private static Map<String, Integer> counts(String body) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonNode window : new ObjectMapper().readTree(body).path("windows"))
            counts.put(window.path("feed").asText(), window.path("count").asInt());
        return counts;
    }

    private void windowsOfAFeed(List<ClassifierProcess> both) throws IOException, InterruptedException {
        for (ClassifierProcess each : both) {
            JsonNode pages = json(each, "/windows?size=1h&limit=4&after=feed-3");
            assertThat(pages.path("windows"))
                    .extracting(window -> window.path("feed").asText())
                    .containsExactly("feed-4", "feed-5", "feed-6", "feed-7");
            assertThat(pages.path("next").asText()).isEqualTo("feed-7");

            String from = "/windows/feed-3?size=PT10S&from=" + NOON.plusSeconds(20);
            JsonNode first = json(each, from + "&to=" + NOON.plusSeconds(90) + "&limit=5");
            assertThat(first.path("windows")).hasSize(5).allSatisfy(window -> {
                assertThat(window.path("positive").asInt()).isEqualTo(1);
                assertThat(window.path("modelVersions").path(model.version()).asInt())
                        .isEqualTo(1);
            });
            assertThat(first.path("next").asText())
                    .isEqualTo(NOON.plusSeconds(70).toString());
            JsonNode last = json(each, "/windows/feed-3?size=10s&limit=2");
            assertThat(last.path("windows"))
                    .extracting(window -> window.path("start").asText())
                    .containsExactly(
                            NOON.plusSeconds(290).toString(),
                            NOON.plusSeconds(LATER).toString());
            assertThat(json(each, "/windows/feed-3?size=10s").path("windows"))
                    .extracting(window -> window.path("closed").asBoolean())
                    .containsExactlyElementsOf(IntStream.range(0, WINDOWS)
                            .mapToObj(i -> i < WINDOWS - 1)
                            .toList());

            assertThat(json(each, "/windows/feed-3?size=10s&words=true").path("windows"))
                    .allSatisfy(window -> {
                        JsonNode explained = window.path("explained");
                        assertThat(explained.path("tweets").asInt()).isEqualTo(1);
                        assertThat(explained.path("words").path("positive").isArray())
                                .isTrue();
                        assertThat(explained.path("examples").path("positive")).hasSize(1);
                    });
            assertThat(json(each, "/windows/feed-3?size=10s").path("windows"))
                    .noneSatisfy(window -> assertThat(window.has("explained")).isTrue());

            HttpResponse<String> csv = get(each, "/windows/feed-3?size=10s", "Accept", "text/csv");
            assertThat(csv.body().lines()).hasSize(WINDOWS + 1);
            assertThat(csv.body().lines().skip(1))
                    .allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(23));
            String tag = csv.headers().firstValue("ETag").orElseThrow();
            assertThat(get(each, "/windows/feed-3?size=10s", "Accept", "text/csv", "If-None-Match", tag)
                            .statusCode())
                    .isEqualTo(304);
        }
    }

    private void wrongParameters(ClassifierProcess instance) throws IOException, InterruptedException {
        for (String wrong : List.of(
                "/windows?size=7s",
                "/windows?size=soon",
                "/windows?limit=0",
                "/windows?limit=10001",
                "/windows?after=%00",
                "/windows?partitions=a",
                "/windows/feed-3?from=yesterday",
                "/windows/feed-3?words=yes",
                "/windows/feed-3?to=%2B1000000000-12-31T23:59:59Z"))
            assertThat(get(instance, wrong, "Accept", "*/*").statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        assertThat(get(instance, "/windows/unknown", "Accept", "*/*").statusCode())
                .isEqualTo(404);
        assertThat(get(instance, "/windows/..%2f", "Accept", "*/*").statusCode())
                .isIn(400, 404);
        assertThat(get(instance, "/windows?partitions=77", "Accept", "*/*").statusCode())
                .isEqualTo(503);
    }

    private void tweets(ClassifierProcess instance) throws IOException, InterruptedException {
        JsonNode newest = json(instance, "/tweets/feed-3?limit=3");
        assertThat(newest.path("tweets"))
                .extracting(tweet -> tweet.path("id").asText())
                .containsExactly("later", "id-293", "id-283");
        assertThat(newest.path("complete").asBoolean()).isFalse();
        JsonNode range = json(
                instance,
                "/tweets/feed-3?from=" + NOON.plusSeconds(13) + "&to=" + NOON.plusSeconds(43) + "&class=positive");
        assertThat(range.path("tweets"))
                .extracting(tweet -> tweet.path("id").asText())
                .containsExactly("id-33", "id-23", "id-13");
        assertThat(range.path("complete").asBoolean()).isTrue();
        assertThat(json(instance, "/tweets/feed-3?class=negative").path("tweets"))
                .isEmpty();
        assertThat(json(instance, "/tweets/feed-3?search=LOVE%20this").path("tweets"))
                .hasSize(WINDOWS);
        assertThat(json(instance, "/tweets/feed-3?search=hate").path("tweets")).isEmpty();
        assertThat(json(instance, "/tweets/unknown").path("tweets")).isEmpty();
        assertThat(get(instance, "/tweets/feed-3?class=happy", "Accept", "*/*").statusCode())
                .isEqualTo(400);
        assertThat(json(instance, "/tweets/feed-3?id=id-33&id=id-13&id=none").path("tweets"))
                .extracting(tweet -> tweet.path("id").asText())
                .containsExactly("id-33", "id-13");
    }

    /** A client that goes on at the other instance gets what it has missed, each window once. */
    private void events(ClassifierProcess one, ClassifierProcess two) throws Exception {
        String last;
        try (EventClient events = new EventClient(http, one, "?feed=feed-3&size=PT1H", null)) {
            topics.send(List.of(tweet("seen", "feed-3", NOON.plusSeconds(LATER + 1))));
            last = events.await("windows", "\"count\":" + (WINDOWS + 1)).id();
        }
        topics.send(List.of(tweet("missed", "feed-3", NOON.plusSeconds(LATER + 2))));
        topics.send(List.of(tweet("other", "feed-4", NOON.plusSeconds(LATER + 2))));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(counts(two)).containsEntry("feed-3", WINDOWS + 2));
        try (EventClient events = new EventClient(http, two, "?feed=feed-3&size=1h", last)) {
            EventClient.Event missed = events.await("windows", "\"count\":" + (WINDOWS + 2));
            assertThat(missed.data()).doesNotContain("feed-4").doesNotContain("PT10S");
        }
        try (EventClient events = new EventClient(http, two, "", "no id of ours")) {
            events.await("reset", "");
        }
        assertThat(get(two, "/events?size=7m", "Accept", "text/event-stream").statusCode())
                .isEqualTo(400);
    }

    private void scores(ClassifierProcess instance) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(instance, "{\"texts\": [\"I <b>love</b> this\", \"\"]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain("<");
        JsonNode scores = new ObjectMapper().readTree(answer.body());
        assertThat(scores.path("model").asText()).isEqualTo(model.version());
        assertThat(scores.path("scores")).hasSize(2);
        JsonNode score = scores.path("scores").get(0);
        assertThat(score.path("text").asText()).isEqualTo("I <b>love</b> this");
        assertThat(score.path("sentiment").asText()).isEqualTo("positive");
        assertThat(score.path("probabilities").path("positive").asDouble()).isEqualTo(0.75);
        assertThat(post(instance, "{\"texts\": [\"a\"], \"model\": \"shadow\"}").body())
                .isEqualTo("{\"error\":\"no model runs in shadow mode\"}");
        for (String wrong : List.of(
                "",
                "[",
                "[]",
                "{}",
                "{\"texts\": []}",
                "{\"texts\": [1]}",
                "{\"texts\": \"a\"}",
                "{\"texts\": [\"a\"], \"model\": \"other\"}"))
            assertThat(post(instance, wrong).statusCode()).as(wrong).isEqualTo(400);
    }

    private void everyInstanceTellsWhichModelScoresOnAll(ClassifierProcess one, ClassifierProcess two)
            throws Exception {
        for (ClassifierProcess instance : List.of(one, two)) {
            JsonNode instances = json(instance, "/instances");
            assertThat(instances)
                    .extracting(other -> other.path("address").asText())
                    .containsExactlyInAnyOrder(one.address(), two.address());
            for (JsonNode other : instances) {
                assertThat(other.path("activeModel").asText()).isEqualTo(model.version());
                assertThat(Instant.parse(other.path("since").asText())).isBefore(Instant.now());
                assertThat(other.path("fault").asText()).isEmpty();
            }
            assertThat(json(instance, "/user").toString())
                    .isEqualTo("{\"name\":\"\",\"roles\":[\"labeler\",\"operator\",\"publisher\",\"viewer\"]}");
        }
    }

    private JsonNode json(ClassifierProcess instance, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(instance, path, "Accept", "application/json");
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> get(ClassifierProcess instance, String path, String... headers)
            throws IOException, InterruptedException {
        return http.send(request(instance, path).headers(headers).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(ClassifierProcess instance, String body)
            throws IOException, InterruptedException {
        return http.send(
                request(instance, "/score")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(ClassifierProcess instance, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + instance.address() + path))
                .timeout(Duration.ofSeconds(20));
    }
}
