// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static io.deeptweet.trainer.round.RoundFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.round.RoundFixture;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The trainer's HTTP interface, from no model to a round. One scenario after the other: the trainer has one set of
 * topics, and no test needs more than what it has sent itself.
 */
@QuarkusTest
@WithTestResource(SharedKafkaResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrainerHttpIT {
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    /** Enough for a significant gain. */
    private static final int LABELS = 240;

    private final HttpClient http = HttpClient.newHttpClient();

    @TestHTTPResource
    URI base;

    @Inject
    TrainerService service;

    private RoundFixture fixture;
    /** Number of valid labels that were posted, each of another tweet. */
    private int published;

    /** Readiness and the answers before the start are part of the scenario. */
    @BeforeAll
    void start() throws Exception {
        assertThat(get("/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/q/health/live").statusCode()).isEqualTo(200);
        for (String path : List.of("/status", "/models", "/rounds", "/labels/wanted"))
            assertThat(get(path).statusCode()).as(path).isEqualTo(503);
        HttpResponse<String> answer = post("/labels", JSON, label("early", "what a day", "positive"));
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");

        fixture = RoundFixture.withoutModel();
        assertThat(service.start()).isTrue();
        assertThat(get("/q/health/ready").body()).contains("no model is active").contains("DOWN");
        awaitStatus("state", "WAITING"); // else its start might fence the publication
        fixture.publishBase();
        assertThat(get("/q/health/ready").body()).contains("\"status\": \"UP\"").doesNotContain("DOWN");
        JsonNode model = json(get("/models")).path(0);
        assertThat(model.path("version").asText()).isEqualTo(fixture.base.version());
        assertThat(model.path("active").asBoolean()).isTrue();
        assertThat(post("/rounds", JSON, "").statusCode())
                .as("there is no label yet")
                .isEqualTo(409);
    }

    @AfterAll
    void stop() {
        service.started().ifPresent(StartedTrainer::close);
    }

    @Test
    void invalidLabelsAreAnsweredWithAReasonAndRejectedByteForByte() throws Exception {
        String invalid = "{ \"id\" : \"p2\",\"text\": \"so \\u0073o é\",  \"label\":\"mixed\" }";
        HttpResponse<String> answer =
                post("/labels", JSON, "[" + label("p1", "what a day", "positive") + " , " + invalid + "\n]");
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = json(answer);
        assertThat(body.path("published").asInt()).isEqualTo(1);
        assertThat(body.path("rejected")).hasSize(1);
        assertThat(body.path("rejected").path(0).path("index").asInt()).isEqualTo(1);
        assertThat(body.path("rejected").path(0).path("reason").asText()).isEqualTo("invalid-field");
        assertThat(body.path("rejected").path(0).path("detail").asText())
                .isEqualTo("label is \"mixed\": use negative, neutral or positive");
        assertThat(fixture.rejected())
                .filteredOn(record -> record.rejection().origin().equals("POST /labels#1"))
                .singleElement()
                .satisfies(record -> assertThat(new String(record.value(), StandardCharsets.UTF_8))
                        .isEqualTo(invalid));
    }

    @Test
    void jsonLinesAreLabels() throws Exception {
        HttpResponse<String> answer = post(
                "/labels",
                NDJSON,
                label("p3", "a good day", "negative") + "\n\n" + label("p4", "a bad day", "positive") + "\n");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer)).isEqualTo(MAPPER.readTree("{\"published\": 2, \"rejected\": []}"));
    }

    @Test
    void aRequestThatCannotBeReadIsRefused() throws Exception {
        int before = fixture.rejected().size();
        assertThat(post("/labels", JSON, "{\"id\":").statusCode()).isEqualTo(400);
        assertThat(post("/labels", JSON, "[]").statusCode()).isEqualTo(400);
        assertThat(post("/labels", "text/plain", "good").statusCode()).isEqualTo(415);
        HttpResponse<String> unsupported = post("/labels", "application/xml", "<good/>");
        assertThat(unsupported.statusCode()).isEqualTo(415);
        assertThat(unsupported.body()).startsWith("{\"error\":\"the header Content-Type ");
        String tooMany = IntStream.rangeClosed(0, SharedKafkaResource.LARGEST_BATCH)
                .mapToObj(i -> label("many" + i, "a day", "positive"))
                .collect(Collectors.joining("\n"));
        assertThat(post("/labels", NDJSON, tooMany).statusCode()).isEqualTo(413);
        assertThat(get("/labels/wanted?limit=many").statusCode()).isEqualTo(400);
        assertThat(get("/labels/wanted?limit=501").statusCode()).isEqualTo(400);
        assertThat(get("/rounds/99").statusCode()).isEqualTo(404);
        assertThat(fixture.rejected()).hasSize(before);
    }

    @Test
    void manyRequestsAtOnceAreAnsweredOrToldToComeBack() {
        for (String path : List.of("/models", "/labels/wanted")) {
            List<Integer> statuses = IntStream.range(0, 60)
                    .mapToObj(i -> http.sendAsync(
                            HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString()))
                    .toList()
                    .stream()
                    .map(answer -> answer.join().statusCode())
                    .toList();
            assertThat(statuses).as(path).contains(200).isSubsetOf(200, 429, 503);
        }
    }

    @Test
    void theLeastCertainTweetsAreWantedUntilTheyHaveALabel() throws Exception {
        fixture.send(
                "tweets.scored",
                ScoredTweet::getId,
                scored("sure", "my day is lovely", 0.99f),
                scored("half", "<b>who</b> \u202eknows", 0.5f),
                scored("near", "<b>who</b>  \u202eKNOWS", 0.51f),
                scored("other", "a word of another tweet", 0.5f));
        assertThat(json(get("/labels/wanted?limit=2")))
                .extracting(tweet -> tweet.path("id").asText())
                .containsExactly("half", "other");
        assertThat(get("/labels/wanted").body())
                .doesNotContain("<")
                .doesNotContain("\u202e")
                .contains("\\u003cb\\u003ewho");
        assertThat(post("/labels", JSON, label("other", "a word of another tweet", "negative"))
                        .statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(json(get("/labels/wanted")))
                        .extracting(tweet -> tweet.path("id").asText())
                        .containsExactly("half", "sure"));
        fixture.send(
                "tweets.deleted",
                DeletedTweet::getId,
                new DeletedTweet("half", "fake", Instant.parse("2026-01-01T00:00:00Z")));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(json(get("/labels/wanted")))
                        .extracting(tweet -> tweet.path("id").asText())
                        .containsExactly("near", "sure"));
    }

    @Test
    void aRoundCanBeRequestedForPostedLabelsAndRead() throws Exception {
        String labels = IntStream.range(0, LABELS)
                .mapToObj(i -> label(
                        "r" + i, RoundFixture.text(i, i % 2 == 0, i / 2 % 4), i % 2 == 0 ? "positive" : "negative"))
                .collect(Collectors.joining("\n"));
        assertThat(post("/labels", NDJSON, labels).statusCode()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> metric("deeptweet_labels_total{outcome=\"added\"}") == published);
        awaitStatus("newLabels", Integer.toString(published));

        assertThat(post("/rounds?because=it%0Aseems%20time", JSON, "").statusCode())
                .isEqualTo(202);
        await().atMost(PATIENCE).until(() -> json(get("/rounds")).size() == 1);
        JsonNode round = json(get("/rounds")).path(0);
        assertThat(round.path("startedBecause").asText()).isEqualTo("requested: it⏎seems time");
        assertThat(round.path("published").asBoolean()).as(round.toString()).isTrue();
        assertThat(round.path("labels").asInt()).isEqualTo(published);
        assertThat(json(get("/rounds/1"))
                        .path("report")
                        .path("decision")
                        .path("because")
                        .asText())
                .isEqualTo(round.path("because").asText());
        awaitStatus("state", "WAITING");
        JsonNode status = json(get("/status"));
        assertThat(status.path("lastRound").path("candidate")).isEqualTo(round.path("candidate"));
        assertThat(status.path("roundAfterLabels").asInt()).isEqualTo(1_000);
        assertThat(metric("deeptweet_rounds_seconds_count{outcome=\"published\"}"))
                .isEqualTo(1);
        assertThat(metric("deeptweet_trainer_state{state=\"waiting\"}")).isEqualTo(1);
    }

    private static String label(String id, String text, String label) {
        return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"label\":\"" + label + "\"}";
    }

    private static ScoredTweet scored(String id, String text, float probability) {
        return new ScoredTweet(
                id,
                text,
                "sample",
                "en",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.POSITIVE,
                new Probabilities(1 - probability, 0f, probability),
                "base-00000000",
                List.of());
    }

    private void awaitStatus(String field, String value) {
        await().atMost(PATIENCE)
                .until(() -> json(get("/status")).path(field).asText().equals(value));
    }

    /** The value of a metric, such as {@code deeptweet_labels_total{outcome="added"}}. */
    private double metric(String name) throws Exception {
        return get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return MAPPER.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(base.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        published += json(answer).path("published").asInt();
        return answer;
    }
}
