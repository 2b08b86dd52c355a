// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import static io.deeptweet.trainer.round.RoundFixture.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.trainer.audit.ChangeOrigin;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.TestModels;
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
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(json(get("/labels/wanted?limit=2")))
                        .extracting(tweet -> tweet.path("id").asText())
                        .containsExactly("half", "other"));
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
    void tweetsOfWhichTheShadowSaysOtherwiseAreListedSideBySide() throws Exception {
        assertThat(json(get("/labels/disagreements"))).as("there is no shadow").isEmpty();
        String active = active();
        ModelArtefact beside = TestModels.untrained(List.of("beside"));
        fixture.models.publish(Artefacts.published(beside), false, ChangeOrigin.command(""));
        fixture.models.shadow(beside.version(), ChangeOrigin.command(""));
        fixture.send(
                "tweets.scored",
                ScoredTweet::getId,
                scored("agreed", "a first text", Sentiment.POSITIVE, active),
                scored("disputed", "<i>a second</i> one", Sentiment.POSITIVE, active),
                scored("earlier", "a third sentence", Sentiment.POSITIVE, "earlier-00000000"),
                scored("labelled", "a fourth, with a label", Sentiment.POSITIVE, active));
        fixture.send(
                "tweets.shadow",
                ScoredTweet::getId,
                scored("agreed", "a first text", Sentiment.POSITIVE, beside.version()),
                scored("disputed", "<i>a second</i> one", Sentiment.NEGATIVE, beside.version()),
                scored("earlier", "a third sentence", Sentiment.NEGATIVE, beside.version()),
                scored("labelled", "a fourth, with a label", Sentiment.NEGATIVE, beside.version()));
        assertThat(post("/labels", JSON, label("labelled", "a fourth, with a label", "negative"))
                        .statusCode())
                .isEqualTo(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(json(get("/labels/disagreements")))
                        .extracting(tweet -> tweet.path("id").asText())
                        .containsExactly("disputed"));
        JsonNode tweet = json(get("/labels/disagreements")).path(0);
        assertThat(tweet.path("text").asText()).isEqualTo("<i>a second</i> one");
        assertThat(tweet.path("sentiment").asText()).isEqualTo("positive");
        assertThat(tweet.path("modelVersion").asText()).isEqualTo(active);
        assertThat(tweet.path("shadow").path("sentiment").asText()).isEqualTo("negative");
        assertThat(tweet.path("shadow").path("modelVersion").asText()).isEqualTo(beside.version());
        assertThat(tweet.path("shadow").path("probabilities").path("negative").asDouble())
                .isGreaterThan(0.8);
        assertThat(get("/labels/disagreements").body()).doesNotContain("<i>");
        assertThat(get("/labels/disagreements?limit=0").statusCode()).isEqualTo(400);
        assertThat(json(get("/labels/disagreements?feed=other"))).isEmpty();
        fixture.models.dropShadow(ChangeOrigin.command(""));
        for (String id : List.of("agreed", "disputed", "earlier", "labelled"))
            fixture.send("tweets.deleted", DeletedTweet::getId, new DeletedTweet(id, "fake", Instant.EPOCH));
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

    @Test
    void anOperatorActivatesRollsBackAndPromotesAndTheAuditTellsIt() throws Exception {
        String first = active();
        ModelArtefact other = TestModels.untrained(List.of("other"));
        String second = other.version();
        fixture.models.publish(Artefacts.published(other), false, ChangeOrigin.command("to try it"));

        assertThat(refusal("activate", "{}", 400)).startsWith("version is missing");
        assertThat(refusal("activate", "{\"version\": \"none-00000000\"}", 409)).contains("not on the model topic");
        assertThat(refusal("activate", change(first, first, ""), 409)).contains("is active already");
        assertThat(refusal("activate", change(second, second, ""), 409))
                .isEqualTo("model " + first + " is active now, not " + second + ": nothing was changed");
        assertThat(refusal("promote", "{}", 409)).isEqualTo("no model is the shadow");
        assertThat(refusal("activate", change(second, first, "r".repeat(501)), 400))
                .contains("501 characters");
        assertThat(refusal("rollback", "{\"why\": \"…\"}", 400)).startsWith("\"why\" is no field");
        assertThat(post("/models/rollback", "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(active()).isEqualTo(first);

        JsonNode done = changed("activate", change(second, first, "<b>better\\u202e</b>\\nby far"));
        assertThat(done.path("version").asText()).isEqualTo(second);
        assertThat(done.path("from").asText()).isEqualTo(first);
        assertThat(active()).isEqualTo(second);
        assertThat(refusal("rollback", "{\"version\": \"" + second + "\"}", 409))
                .contains("would become active");
        changed("rollback", change(first, second, ""));
        assertThat(active()).isEqualTo(first);
        fixture.models.shadow(second, ChangeOrigin.command("side by side"));
        changed("promote", change(second, first, ""));
        assertThat(active()).isEqualTo(second);
        changed("rollback", "{}");
        assertThat(active()).isEqualTo(first);

        JsonNode audit = json(get("/audit?limit=6"));
        assertThat(audit.path("records"))
                .extracting(record -> record.path("action").asText())
                .containsExactly("rolled-back", "promoted", "shadow-set", "rolled-back", "activated", "published");
        JsonNode activation = audit.path("records").path(4);
        assertThat(activation.path("from").asText()).isEqualTo(first);
        assertThat(activation.path("to").asText()).isEqualTo(second);
        assertThat(activation.path("actor").asText()).isEqualTo("unknown");
        assertThat(activation.path("channel").asText()).isEqualTo("http");
        assertThat(activation.path("reason").asText()).isEqualTo("<b>better\ufffd</b>⏎by far");
        assertThat(get("/audit").body()).doesNotContain("<b>");
        JsonNode page = json(get("/audit?limit=4"));
        JsonNode next = json(get("/audit?limit=2&before=" + page.path("next").asText()));
        assertThat(next.path("records").path(0)).isEqualTo(activation);
        assertThat(get("/audit?limit=0").statusCode()).isEqualTo(400);
        assertThat(get("/audit?before=x").statusCode()).isEqualTo(400);
        assertThat(json(get("/models/report?version=" + second)).path("version").asText())
                .isEqualTo(second);
        assertThat(get("/models/report?version=none").statusCode()).isEqualTo(404);
    }

    /** Each of them has seen the same model as the active one. */
    @Test
    void ofRequestsAtOnceThatExpectTheSameModelOneSucceeds() throws Exception {
        String first = active();
        ModelArtefact other = TestModels.untrained(List.of("another"));
        fixture.models.publish(Artefacts.published(other), false, ChangeOrigin.command(""));
        List<Integer> statuses = IntStream.range(0, 4)
                .mapToObj(i -> http.sendAsync(
                        request("/models/activate", JSON, change(other.version(), first, "")),
                        HttpResponse.BodyHandlers.ofString()))
                .toList()
                .stream()
                .map(answer -> answer.join().statusCode())
                .toList();
        assertThat(statuses).containsOnlyOnce(200).isSubsetOf(200, 409, 503);
        assertThat(active()).isEqualTo(other.version());
        changed("rollback", change(first, other.version(), ""));
    }

    private String active() throws Exception {
        for (JsonNode model : json(get("/models")))
            if (model.path("active").asBoolean()) return model.path("version").asText();
        return "";
    }

    private static String change(String version, String expected, String reason) {
        return "{\"version\":\"" + version + "\",\"expected\":\"" + expected + "\",\"reason\":\"" + reason + "\"}";
    }

    private JsonNode changed(String change, String body) throws Exception {
        HttpResponse<String> answer = post("/models/" + change, JSON, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    private String refusal(String change, String body, int status) throws Exception {
        HttpResponse<String> answer = post("/models/" + change, JSON, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return json(answer).path("error").asText();
    }

    private HttpRequest request(String path, String type, String body) {
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String label(String id, String text, String label) {
        return "{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"label\":\"" + label + "\"}";
    }

    private static ScoredTweet scored(String id, String text, Sentiment sentiment, String version) {
        return scored(id, text, sentiment == Sentiment.POSITIVE ? 0.9f : 0.1f, sentiment, version);
    }

    private static ScoredTweet scored(String id, String text, float probability) {
        return scored(id, text, probability, Sentiment.POSITIVE, "base-00000000");
    }

    private static ScoredTweet scored(String id, String text, float probability, Sentiment sentiment, String version) {
        return new ScoredTweet(
                id,
                text,
                "sample",
                "en",
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                sentiment,
                new Probabilities(1 - probability, 0f, probability),
                version,
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
        HttpResponse<String> answer = http.send(request(path, type, body), HttpResponse.BodyHandlers.ofString());
        published += json(answer).path("published").asInt();
        return answer;
    }
}
