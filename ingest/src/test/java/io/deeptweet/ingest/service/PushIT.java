// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.schemas.Tweet;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code POST /tweets}, down to the bytes. Each test has a feed of its own. */
@QuarkusTest
class PushIT extends IngestTestBase {
    static final int LARGEST_BATCH = 500;

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void anAcknowledgedTweetIsOnTheTopic() throws IOException {
        HttpResponse<String> answer = ingest().push("one", JSON, "{\"data\":" + tweet("1") + "}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(MAPPER.readTree(answer.body()))
                .isEqualTo(MAPPER.readTree("{\"feed\": \"one\", \"published\": 1, \"filtered\": 0, \"skipped\": 0,"
                        + " \"shapes\": {\"x-api-v2\": 1}, \"rejected\": []}"));
        assertThat(records().tweets("one")).as("without waiting").hasSize(1);
    }

    @Test
    void theAnswerNamesTheFaultOfEachInvalidRecordOfAnArray() throws IOException {
        HttpResponse<String> answer = ingest().push(
                        "array",
                        "application/json; charset=utf-8",
                        "[" + tweet("1") + ", {\"id\": \"2\"}, 5 ," + tweet("3", "de")
                                + ", {\"text\":\"é \\\"no\\\" id\"}]");
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = MAPPER.readTree(answer.body());
        assertThat(body.path("published").asLong()).isEqualTo(1);
        assertThat(body.path("filtered").asLong()).isEqualTo(1);
        assertThat(body.path("rejected").findValuesAsText("reason")).containsExactly("no-text", "malformed", "no-id");
        assertThat(body.path("rejected").findValuesAsText("index")).containsExactly("1", "2", "4");
        assertThat(records().rejected("array"))
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrder("{\"id\": \"2\"}", "5", "{\"text\":\"é \\\"no\\\" id\"}");
    }

    @Test
    void bodiesThatPeopleHaveAreRecognised() throws IOException {
        String page = "{\"data\": [" + tweet("1") + ", {\"id\": \"2\"}, " + tweet("3", "de") + "], \"errors\": [{}]}";
        JsonNode answer = MAPPER.readTree(ingest().push("people", JSON, "[" + page + ", {\"delete\": {}}]")
                .body());
        assertThat(answer.path("published").asLong()).isEqualTo(1);
        assertThat(answer.path("filtered").asLong()).isEqualTo(1);
        assertThat(answer.path("skipped").asLong()).isEqualTo(2);
        assertThat(answer.path("shapes"))
                .isEqualTo(MAPPER.readTree("{\"x-api-v1.1-notice\": 1, \"x-api-v2-page\": 1}"));
        assertThat(answer.path("rejected").findValuesAsText("index")).containsExactly("1");
        String archive = "window.YTD.tweets.part0 = [ { \"tweet\" : { \"id\" : \"4\", \"full_text\" : \"a\" } } ]";
        for (String type : List.of("text/javascript", "application/javascript", JSON))
            assertThat(ingest().push("people", type, archive).statusCode()).isEqualTo(200);
        assertThat(ingest().push("people", "text/csv", "tweet_id;body\n5;a\n").statusCode())
                .isEqualTo(200);
        assertThat(ingest().push("people", "text/tab-separated-values", "id\ttext\n6\ta, b\n")
                        .statusCode())
                .isEqualTo(200);
        assertThat(records().tweets("people"))
                .extracting(Tweet::getId)
                .containsExactlyInAnyOrder("1", "4", "4", "4", "5", "6");
        HttpResponse<String> wrong = ingest().push("people", "text/csv", "a,b\n1,2\n");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("no column of texts");
    }

    @Test
    void aDeletionIsOnItsTopic() throws IOException {
        String notice = "{\"delete\": {\"status\": {\"id_str\": \"pushed-deletion\"}}}";
        JsonNode answer = MAPPER.readTree(ingest().push("gone", JSON, notice).body());
        assertThat(answer.path("skipped").asLong()).isEqualTo(1);
        assertThat(records().deletions()).filteredOn("pushed-deletion"::equals).hasSize(1);
    }

    /** Under all of its media types, and with blank lines as editors leave them. */
    @Test
    void jsonLinesAreRecordsWhateverTheirMediaType() throws IOException {
        String lines = tweet("1") + "\n \r\n" + tweet("2") + "\n\t\n";
        for (String type : List.of("application/jsonl", "Application/X-NDJSON; charset=utf-8"))
            assertThat(ingest().push("jsonl", type, lines).statusCode()).isEqualTo(200);
        assertThat(records().tweets("jsonl")).extracting(Tweet::getId).containsExactlyInAnyOrder("1", "2", "1", "2");
        assertThat(ingest().push("jsonl", JSON, lines).statusCode())
                .as("as one JSON text they are malformed")
                .isEqualTo(400);
        HttpResponse<String> answer = ingest().push("lines", NDJSON, tweet("1") + "\r\n\n" + tweet("2", "und"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(records().tweets("lines")).hasSize(2);
    }

    @Test
    void aMalformedRequestIsRefusedAndRejected() throws IOException {
        assertThat(ingest().push("bad", JSON, "[{\"id\": \"1\"").statusCode()).isEqualTo(400);
        assertThat(records().rejected("bad"))
                .singleElement()
                .satisfies(record ->
                        assertThat(record.value()).isEqualTo("[{\"id\": \"1\"".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRequestWithoutRecordsOrWithTooManyIsRefused() throws IOException {
        assertThat(ingest().push("none", JSON, "").statusCode()).isEqualTo(400);
        assertThat(ingest().push("none", JSON, "[]").statusCode()).isEqualTo(400);
        assertThat(ingest().push("none", NDJSON, (tweet("1") + "\n").repeat(LARGEST_BATCH + 1))
                        .statusCode())
                .isEqualTo(413);
        assertThat(ingest().push("none", JSON, "{\"id\": 1, \"text\": \"" + "a".repeat(900_001) + "\"}")
                        .statusCode())
                .isEqualTo(413);
        assertThat(records().tweets("none")).isEmpty();
        assertThat(records().rejected("none")).isEmpty();
    }

    /** A page is one record, but holds many. */
    @Test
    void aPageWithTooManyTweetsIsRefused() throws IOException {
        String page = "{\"data\": [" + "{},".repeat(LARGEST_BATCH) + "{}]}";
        assertThat(ingest().push("page", JSON, page).statusCode()).isEqualTo(413);
        assertThat(records().rejected("page")).isEmpty();
    }

    @Test
    void aMediaTypeIsRequiredAndMustBeKnown() throws IOException {
        HttpResponse<String> answer =
                ingest().push("type", Optional.empty(), HttpRequest.BodyPublishers.ofString(tweet("1")));
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
        assertThat(ingest().push("type", "text/plain", "hello").statusCode()).isEqualTo(415);
    }

    @Test
    void aFeedNameThatIsNotAllowedIsRefused() throws IOException {
        HttpResponse<String> answer = ingest().push("Bad%20Name%0A", JSON, tweet("1"));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(MAPPER.readTree(answer.body()).path("error").asText())
                .startsWith("the feed is \"Bad Name⏎\": use 1 to 64 lower-case letters");
    }

    /** The records of an array are cut out by their byte offsets, which need UTF-8. */
    @Test
    void anEncodingOtherThanUtf8IsRefusedAndRejected() throws IOException {
        byte[] body = ("[" + tweet("1") + "]").getBytes(StandardCharsets.UTF_16);
        HttpResponse<String> answer =
                ingest().push("utf16", Optional.of(JSON), HttpRequest.BodyPublishers.ofByteArray(body));
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not UTF-8");
        assertThat(records().rejected("utf16"))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(body));
    }

    @Test
    void aBodyOfUnknownSizeIsLimitedToo() throws IOException {
        byte[] body = ("{\"id\": 1, \"text\": \"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        try {
            HttpResponse<String> answer = ingest().push(
                            "chunked",
                            Optional.of(JSON),
                            HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
            assertThat(answer.statusCode()).isEqualTo(413);
        } catch (IOException e) {
            // The service may close the connection before the body is sent; then there is no answer to read.
        }
        assertThat(records().rejected("chunked")).isEmpty();
        assertThat(records().tweets("chunked")).isEmpty();
        assertThat(ingest().push("chunked", JSON, tweet("1")).statusCode()).isEqualTo(200);
    }

    @Test
    void theMetricsCountWhatTheAnswerCounts() throws IOException {
        String request = "[" + tweet("1") + ", {\"id\": 2}, " + tweet("3", "de")
                + ", {\"id\": 4, \"text\": \"a\", \"created_at\": \"2999-01-01T00:00:00Z\"}]";
        HttpResponse<String> answer = ingest().push("counted", JSON, request);
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = MAPPER.readTree(answer.body());
        assertThat(body.path("rejected").findValuesAsText("reason")).containsExactly("no-text", "invalid-field");
        assertThat(ingest().metric("deeptweet_ingested_total{feed=\"counted\"}"))
                .isEqualTo(body.path("published").asDouble())
                .isEqualTo(1);
        assertThat(ingest().metric("deeptweet_filtered_total{feed=\"counted\"}"))
                .isEqualTo(body.path("filtered").asDouble())
                .isEqualTo(1);
        assertThat(ingest().metric("deeptweet_rejected_total{feed=\"counted\",reason=\"no-text\"}"))
                .isEqualTo(1);
        assertThat(ingest().metric("deeptweet_rejected_total{feed=\"counted\",reason=\"invalid-field\"}"))
                .isEqualTo(1);
    }

    @Test
    void aRequestThatNamesNoFeedGoesToTheDefaultFeed() throws IOException {
        assertThat(ingest().push(tweet("default")).statusCode()).isEqualTo(200);
        assertThat(records().tweets("push")).extracting(Tweet::getId).contains("default");
        assertThat(ingest().feed("push").path("source").asText()).isEqualTo("push");
    }

    @Test
    void concurrentRequestsLoseNothing() throws IOException {
        IngestClient ingest = ingest();
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int client = 0; client < 40; client++) {
            String prefix = client + "-";
            answers.add(CompletableFuture.supplyAsync(() -> {
                String lines = IntStream.range(0, LARGEST_BATCH)
                        .mapToObj(i -> tweet(prefix + i))
                        .collect(Collectors.joining("\n"));
                try {
                    return ingest.push("many", NDJSON, lines).statusCode();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
        assertThat(records().tweets("many"))
                .hasSize(40 * LARGEST_BATCH)
                .extracting(Tweet::getId)
                .doesNotHaveDuplicates();
    }

    @Test
    void theServiceIsReady() throws IOException {
        HttpResponse<String> answer = ingest().get("/q/health/ready");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(MAPPER.readTree(answer.body()).path("checks").findValuesAsText("status"))
                .containsOnly("UP");
    }

    private static String tweet(String id) {
        return tweet(id, "en");
    }

    private static String tweet(String id, String language) {
        return "{\"id\": \"" + id + "\", \"text\": \"hello\", \"lang\": \"" + language + "\"}";
    }
}
