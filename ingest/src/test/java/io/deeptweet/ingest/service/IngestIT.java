// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.local.ChildProcess;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built service against a real broker and registry; each test has feeds of its own. */
class IngestIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final byte[] BROKEN =
            "{\"data\": {\"id\": \"7\", \"text\": \"caf\u00e9".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOT_UTF8 = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xe9, '"', '}'};
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path folder;

    private static LocalKafka kafka;
    private static ChildProcess service;
    private static int port;

    @BeforeAll
    static void start() throws IOException {
        kafka = LocalKafka.shared();
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < 2000; i++)
            line(lines, tweet("j" + i, "tweet " + i, i % 4 == 3 ? "de" : "en").getBytes(StandardCharsets.UTF_8));
        line(lines, BROKEN);
        line(lines, NOT_UTF8);
        line(lines, "{\"data\": {\"id\": null, \"text\": \"no id\"}}".getBytes(StandardCharsets.UTF_8));
        line(lines, tweet("large", "x".repeat(5000), "en").getBytes(StandardCharsets.UTF_8));
        line(lines, new byte[0]);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("mixed.jsonl.gz")))) {
            lines.writeTo(out);
        }
        Files.writeString(folder.resolve("table.csv"), """
        ,Date Created,Number of Likes,Source of Tweet,Tweet,Sentiment
        0,2022-11-20 23:59:21+00:00,4,Web,"two lines,
        and a ""quote\""",neutral
        1,2022-11-20 23:59:22+00:00,4,Web,short of a field
        2,2022-11-20 23:59:23+00:00,4,Web,plain,positive
        """);
        Files.writeString(folder.resolve("plain.txt"), "first\n\nthird\n");

        port = Ports.free();
        service = ChildProcess.java(
                "ingest",
                List.of(
                        "-Xmx256m",
                        "-Dquarkus.http.port=" + port,
                        "-Dkafka.bootstrap.servers=" + kafka.bootstrapServers(),
                        "-Dkafka.schema.registry.url=" + kafka.registryUrl(),
                        "-Ddeeptweet.push.largest-batch=50",
                        "-Ddeeptweet.feeds.mixed.file=" + folder.resolve("mixed.jsonl.gz"),
                        "-Ddeeptweet.feeds.mixed.largest-record=2000",
                        "-Ddeeptweet.feeds.table.file=" + folder.resolve("table.csv"),
                        "-Ddeeptweet.feeds.table.missing-id=line",
                        "-Ddeeptweet.feeds.plain.file=" + folder.resolve("plain.txt"),
                        "-Ddeeptweet.feeds.again.file=" + folder.resolve("plain.txt"),
                        "-Ddeeptweet.feeds.again.repeat=loop",
                        "-Ddeeptweet.feeds.again.rate=50",
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()),
                Map.of(),
                folder,
                folder.resolve("ingest.log"));
        service.await(() -> status("/q/health/ready") == 200, PATIENCE);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyRecordOfAReplayIsPublishedLeftOutOrRejected() throws IOException {
        JsonNode feed = finished("mixed");
        assertThat(feed.path("read").asLong()).isEqualTo(2004);
        assertThat(feed.path("published").asLong()).isEqualTo(1500);
        assertThat(feed.path("filtered").asLong()).isEqualTo(500);
        assertThat(feed.path("rejected").asLong()).isEqualTo(4);
        assertThat(tweets("mixed")).hasSize(1500).extracting(Tweet::getId).doesNotHaveDuplicates();
    }

    @Test
    void whatCannotBeATweetIsKeptByteForByteWithItsReason() throws IOException {
        finished("mixed");
        List<ConsumerRecord<String, byte[]>> rejected = records("tweets.rejected").stream()
                .filter(record -> "mixed".equals(record.key()))
                .toList();
        assertThat(rejected)
                .extracting(record ->
                        Rejection.readFrom(record.headers()).orElseThrow().reason())
                .containsExactlyInAnyOrder(
                        Rejection.Reason.MALFORMED,
                        Rejection.Reason.MALFORMED,
                        Rejection.Reason.NO_ID,
                        Rejection.Reason.TOO_LARGE);
        assertThat(rejected)
                .anyMatch(record -> Arrays.equals(record.value(), BROKEN))
                .anyMatch(record -> Arrays.equals(record.value(), NOT_UTF8));
        assertThat(rejected)
                .extracting(record ->
                        Rejection.readFrom(record.headers()).orElseThrow().origin())
                .contains("mixed.jsonl.gz:2001", "mixed.jsonl.gz:2002");
    }

    @Test
    void aTableIsReadByItsColumns() throws IOException {
        JsonNode feed = finished("table");
        assertThat(feed.path("rejected").asLong()).isEqualTo(1);
        assertThat(tweets("table"))
                .extracting(Tweet::getText)
                .containsExactlyInAnyOrder("two lines,\nand a \"quote\"", "plain");
        assertThat(tweets("table")).extracting(Tweet::getCreatedAt).contains(Instant.parse("2022-11-20T23:59:21Z"));
        assertThat(tweets("table")).extracting(Tweet::getId).containsExactlyInAnyOrder("table:2", "table:5");
    }

    @Test
    void aLineOfPlainTextIsATweet() throws IOException {
        finished("plain");
        assertThat(tweets("plain")).extracting(Tweet::getId).containsExactlyInAnyOrder("plain:1", "plain:3");
    }

    @Test
    void aLoopStartsAgain() {
        await().atMost(PATIENCE).until(() -> feed("again").path("published").asLong() > 10);
        assertThat(feedOrFail("again").path("state").asText()).isEqualTo("running");
    }

    @Test
    void onePushedTweetIsAcknowledged() throws Exception {
        HttpResponse<String> answer = push("one", "application/json", tweet("1", "hello", "en"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()))
                .isEqualTo(JSON.readTree("{\"feed\": \"one\", \"published\": 1, \"filtered\": 0, \"rejected\": []}"));
        // Acknowledged means there: no waiting here.
        assertThat(tweets("one")).hasSize(1);
    }

    @Test
    void anArraySaysWhatIsWrongWithEachBadRecord() throws Exception {
        HttpResponse<String> answer = push(
                "array",
                "application/json; charset=utf-8",
                "[" + tweet("1", "good", "en") + ", {\"id\": \"2\"}, 5 ," + tweet("3", "gut", "de")
                        + ", {\"text\":\"é \\\"no\\\" id\"}]");
        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("published").asLong()).isEqualTo(1);
        assertThat(body.path("filtered").asLong()).isEqualTo(1);
        assertThat(body.path("rejected").findValuesAsText("reason")).containsExactly("no-text", "malformed", "no-id");
        assertThat(body.path("rejected").findValuesAsText("index")).containsExactly("1", "2", "4");
        assertThat(records("tweets.rejected").stream()
                        .filter(record -> "array".equals(record.key()))
                        .map(record -> new String(record.value(), StandardCharsets.UTF_8)))
                .containsExactlyInAnyOrder("{\"id\": \"2\"}", "5", "{\"text\":\"é \\\"no\\\" id\"}");
    }

    @Test
    void linesAreTweetsToo() throws Exception {
        HttpResponse<String> answer =
                push("lines", "application/x-ndjson", tweet("1", "a", "en") + "\r\n\n" + tweet("2", "b", "und"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(tweets("lines")).hasSize(2);
    }

    @Test
    void aRequestThatIsNotWhatItSaysIsRefused() throws Exception {
        assertThat(push("bad", "application/json", "[{\"id\": \"1\"").statusCode())
                .isEqualTo(400);
        assertThat(push("bad", "application/json", "").statusCode()).isEqualTo(400);
        assertThat(push("bad", "application/json", "[]").statusCode()).isEqualTo(400);
        assertThat(push("bad", "text/plain", "hello").statusCode()).isEqualTo(415);
        assertThat(push("Bad%20Name", "application/json", tweet("1", "a", "en")).statusCode())
                .isEqualTo(400);
        assertThat(push("bad", "application/x-ndjson", (tweet("1", "a", "en") + "\n").repeat(51))
                        .statusCode())
                .isEqualTo(413);
        assertThat(push("bad", "application/json", tweet("1", "a".repeat(900_001), "en"))
                        .statusCode())
                .isEqualTo(413);
        assertThat(records("tweets.rejected"))
                .anyMatch(record -> "bad".equals(record.key())
                        && new String(record.value(), StandardCharsets.UTF_8).equals("[{\"id\": \"1\""));
    }

    @Test
    void aWrongSettingStopsTheStartInASentence() throws Exception {
        ChildProcess wrong = ChildProcess.java(
                "ingest",
                List.of(
                        "-Dquarkus.http.port=" + Ports.free(),
                        "-Ddeeptweet.feeds.x.file=/nowhere.jsonl",
                        "-jar",
                        Path.of("target/quarkus-app/quarkus-run.jar")
                                .toAbsolutePath()
                                .toString()),
                Map.of(),
                folder,
                folder.resolve("wrong.log"));
        assertThat(wrong.waitFor()).isEqualTo(1);
        assertThat(Files.readString(wrong.log()))
                .contains("deeptweet.feeds.x.file is /nowhere.jsonl: there is no such file")
                .doesNotContain("\tat ");
    }

    private static String tweet(String id, String text, String language) {
        return "{\"data\":{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"lang\":\"" + language
                + "\",\"created_at\":\"2024-08-15T22:24:09.000Z\"}}";
    }

    private static void line(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.write('\n');
    }

    private static HttpResponse<String> push(String feed, String type, String body)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/tweets?feed=" + feed))
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws IOException {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return -1;
        }
    }

    private static JsonNode feed(String name) throws IOException {
        for (JsonNode feed : JSON.readTree(get("/feeds").body()))
            if (feed.path("feed").asText().equals(name)) return feed;
        throw new AssertionError("no feed " + name);
    }

    private static JsonNode feedOrFail(String name) {
        try {
            return feed(name);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode finished(String name) throws IOException {
        await().atMost(PATIENCE).until(() -> !feed(name).path("state").asText().equals("running"));
        assertThat(feed(name).path("state").asText()).as(feed(name).toString()).isEqualTo("finished");
        return feed(name);
    }

    private static List<Tweet> tweets(String feed) {
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(
                Tweet.class, SchemaIds.ofRegistry(Map.of("schema.registry.url", kafka.registryUrl())));
        return records("tweets.raw").stream()
                .map(record -> deserializer.deserialize(record.topic(), record.value()))
                .filter(tweet -> tweet.getFeed().equals(feed))
                .toList();
    }

    private static List<ConsumerRecord<String, byte[]>> records(String topic) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition)))
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            return records;
        }
    }
}
