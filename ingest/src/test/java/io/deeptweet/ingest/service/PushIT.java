// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be pushed, down to its bytes. */
class PushIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static RunningIngest ingest;

    @BeforeAll
    static void start() {
        LocalKafka kafka = LocalKafka.shared();
        ingest = RunningIngest.start(folder, kafka.bootstrapServers(), kafka.registryUrl())
                .awaitReady();
    }

    @AfterAll
    static void stop() {
        ingest.close();
    }

    /** All three names that JSON Lines go by, and blank lines as editors leave them. */
    @Test
    void linesGoByTheirContentType() throws IOException {
        String lines = tweet("1") + "\n \r\n" + tweet("2") + "\n\t\n";
        assertThat(ingest.push("jsonl", "application/jsonl", lines).statusCode())
                .isEqualTo(200);
        assertThat(ingest.push("jsonl", "Application/X-NDJSON; charset=utf-8", lines)
                        .statusCode())
                .isEqualTo(200);
        assertThat(ingest.tweets("jsonl")).extracting(Tweet::getId).containsExactlyInAnyOrder("1", "2", "1", "2");
        assertThat(ingest.push("jsonl", "application/json", lines).statusCode())
                .as("as one JSON text they are none")
                .isEqualTo(400);
    }

    @Test
    void aRequestWithoutAContentTypeIsToldToNameOne() throws IOException {
        HttpResponse<String> answer = RunningIngest.send(HttpRequest.newBuilder(ingest.uri("/tweets"))
                .POST(HttpRequest.BodyPublishers.ofString(tweet("1")))
                .build());
        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(answer.body()).contains("application/json");
    }

    /** JSON's parts are cut out by their bytes, which another encoding would misplace. */
    @Test
    void anotherEncodingThanUtf8IsRefusedAndKept() throws IOException {
        byte[] body = ("[" + tweet("1") + "]").getBytes(StandardCharsets.UTF_16);
        HttpResponse<String> answer = RunningIngest.send(HttpRequest.newBuilder(ingest.uri("/tweets?feed=utf16"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build());
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("not UTF-8");
        assertThat(ingest.rejected("utf16"))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isEqualTo(body));
    }

    @Test
    void aBodyThatDoesNotSayItsSizeIsLimitedToo() throws IOException {
        byte[] body = ("{\"id\": 1, \"text\": \"" + "x".repeat(2_000_000) + "\"}").getBytes(StandardCharsets.UTF_8);
        try {
            HttpResponse<String> answer = RunningIngest.send(HttpRequest.newBuilder(ingest.uri("/tweets?feed=chunked"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                    .build());
            assertThat(answer.statusCode()).isEqualTo(413);
        } catch (IOException e) {
            // The connection may be cut before all is sent; then there is no answer to read.
        }
        assertThat(ingest.rejected("chunked")).isEmpty();
        assertThat(ingest.tweets("chunked")).isEmpty();
        assertThat(ingest.push("chunked", "application/json", tweet("1")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theSumsOfAMixedRequestAreThoseOfTheMetrics() throws IOException {
        String request = "[" + tweet("1")
                + ",{\"id\": 2}, {\"id\": 3, \"text\": \"hallo\", \"lang\": \"de\"}, {\"id\": 4, \"text\": \"a\", \"created_at\": \"2999-01-01T00:00:00Z\"}]";
        HttpResponse<String> answer = ingest.push("mixed", "application/json", request);
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("rejected").findValuesAsText("reason")).containsExactly("no-text", "invalid-field");
        assertThat(ingest.metric("deeptweet_ingested_total{feed=\"mixed\"}"))
                .isEqualTo(body.path("published").asDouble())
                .isEqualTo(1);
        assertThat(ingest.metric("deeptweet_filtered_total{feed=\"mixed\"}"))
                .isEqualTo(body.path("filtered").asDouble())
                .isEqualTo(1);
        assertThat(ingest.metric("deeptweet_rejected_total{feed=\"mixed\",reason=\"no-text\"}"))
                .isEqualTo(1);
        assertThat(ingest.metric("deeptweet_rejected_total{feed=\"mixed\",reason=\"invalid-field\"}"))
                .isEqualTo(1);
    }

    @Test
    void aRequestThatNamesNoFeedGoesToTheDefaultOne() throws IOException {
        RunningIngest.send(HttpRequest.newBuilder(ingest.uri("/tweets"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(tweet("default")))
                .build());
        assertThat(ingest.tweets("push")).extracting(Tweet::getId).contains("default");
        assertThat(ingest.feed("push").path("source").asText()).isEqualTo("push");
    }

    @Test
    void manyAtOnceLoseNothing() throws IOException {
        List<CompletableFuture<Integer>> answers = new ArrayList<>();
        for (int client = 0; client < 40; client++) {
            int number = client;
            answers.add(CompletableFuture.supplyAsync(() -> {
                try {
                    String lines = IntStream.range(0, 500)
                            .mapToObj(i -> tweet(number + "-" + i))
                            .collect(Collectors.joining("\n"));
                    return ingest.push("many", "application/x-ndjson", lines).statusCode();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }));
        }
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(200));
        assertThat(ingest.tweets("many"))
                .hasSize(20_000)
                .extracting(Tweet::getId)
                .doesNotHaveDuplicates();
    }

    private static String tweet(String id) {
        return "{\"id\": \"" + id + "\", \"text\": \"hello\", \"lang\": \"en\"}";
    }
}
