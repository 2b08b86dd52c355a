// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Feeds that replay a file, from the file to Kafka. */
@QuarkusTest
class ReplayIT extends IngestTestBase {
    private static final byte[] BROKEN =
            "{\"data\": {\"id\": \"7\", \"text\": \"caf\u00e9".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NOT_UTF8 = {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xe9, '"', '}'};
    private static final Path REAL_TWEETS =
            Path.of(System.getProperty("deeptweet.data", "")).resolve("streams/x-chatgpt-2023.jsonl.gz");
    private static final int NUMBER_OF_REAL_TWEETS = 8000;

    /** Writes the files, and names the feeds that replay them. */
    static Map<String, String> feeds(Path folder) throws IOException {
        Path mixed = mixedFile(folder);
        Path table = Files.writeString(folder.resolve("table.csv"), """
                ,Date Created,Number of Likes,Source of Tweet,Tweet,Sentiment
                0,2022-11-20 23:59:21+00:00,4,Web,"two lines,
                and a ""quote\""",neutral
                1,2022-11-20 23:59:22+00:00,4,Web,short of a field
                2,2022-11-20 23:59:23+00:00,4,Web,plain,positive
                """);
        Path plain = Files.writeString(folder.resolve("plain.txt"), "first\n\nthird\n");
        Map<String, String> settings = new HashMap<>(Map.of(
                "deeptweet.feeds.mixed.file",
                mixed.toString(),
                "deeptweet.feeds.mixed.largest-record",
                "2000",
                "deeptweet.feeds.table.file",
                table.toString(),
                "deeptweet.feeds.table.missing-id",
                "line",
                "deeptweet.feeds.plain.file",
                plain.toString(),
                "deeptweet.feeds.again.file",
                plain.toString(),
                "deeptweet.feeds.again.repeat",
                "loop",
                "deeptweet.feeds.again.rate",
                "50"));
        if (Files.isReadable(REAL_TWEETS))
            settings.putAll(Map.of(
                    "deeptweet.feeds.by-line.file", REAL_TWEETS.toString(),
                    "deeptweet.feeds.by-line.missing-id", "line",
                    "deeptweet.feeds.by-id.file", REAL_TWEETS.toString()));
        return settings;
    }

    private static Path mixedFile(Path folder) throws IOException {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (int i = 0; i < 2000; i++) line(lines, tweet("j" + i, "tweet " + i, i % 4 == 3 ? "de" : "en"));
        line(lines, BROKEN);
        line(lines, NOT_UTF8);
        line(lines, utf8("{\"data\": {\"id\": null, \"text\": \"no id\"}}"));
        line(lines, tweet("large", "x".repeat(5000), "en"));
        line(lines, new byte[0]);
        Path file = folder.resolve("mixed.jsonl.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            lines.writeTo(out);
        }
        return file;
    }

    @Test
    void everyRecordIsPublishedFilteredOrRejected() throws IOException {
        JsonNode feed = ingest().finished("mixed");
        assertThat(feed.path("read").asLong()).isEqualTo(2004);
        assertThat(feed.path("published").asLong()).isEqualTo(1500);
        assertThat(feed.path("filtered").asLong()).isEqualTo(500);
        assertThat(feed.path("rejected").asLong()).isEqualTo(4);
        assertThat(records().tweets("mixed"))
                .hasSize(1500)
                .extracting(Tweet::getId)
                .doesNotHaveDuplicates();
    }

    @Test
    void anInvalidRecordIsKeptByteForByteWithItsReason() throws IOException {
        ingest().finished("mixed");
        List<ConsumerRecord<byte[], byte[]>> rejected = records().rejected("mixed");
        assertThat(rejected)
                .extracting(record -> rejection(record).reason())
                .containsExactlyInAnyOrder(
                        Rejection.Reason.MALFORMED,
                        Rejection.Reason.MALFORMED,
                        Rejection.Reason.NO_ID,
                        Rejection.Reason.TOO_LARGE);
        assertThat(rejected)
                .anyMatch(record -> Arrays.equals(record.value(), BROKEN))
                .anyMatch(record -> Arrays.equals(record.value(), NOT_UTF8));
        assertThat(rejected)
                .extracting(record -> rejection(record).origin())
                .contains("mixed.jsonl.gz:2001", "mixed.jsonl.gz:2002");
    }

    @Test
    void theHeaderOfATableNamesItsColumns() throws IOException {
        JsonNode feed = ingest().finished("table");
        assertThat(feed.path("rejected").asLong()).isEqualTo(1);
        List<Tweet> tweets = records().tweets("table");
        assertThat(tweets).extracting(Tweet::getText).containsExactlyInAnyOrder("two lines,\nand a \"quote\"", "plain");
        assertThat(tweets).extracting(Tweet::getCreatedAt).contains(Instant.parse("2022-11-20T23:59:21Z"));
        assertThat(tweets).extracting(Tweet::getId).containsExactlyInAnyOrder("table:2", "table:5");
    }

    @Test
    void everyLineOfPlainTextIsATweet() throws IOException {
        ingest().finished("plain");
        assertThat(records().tweets("plain")).extracting(Tweet::getId).containsExactlyInAnyOrder("plain:1", "plain:3");
    }

    @Test
    void aLoopStartsAgain() throws IOException {
        await().atMost(IngestProcess.PATIENCE).until(() -> ingest().published("again") > 10);
        assertThat(ingest().feed("again").path("state").asText()).isEqualTo("running");
    }

    /** 8,000 real tweets in many languages, which have no ids. */
    @Test
    void everyRealTweetIsPublishedFilteredOrRejected() throws IOException {
        assumeTrue(Files.isReadable(REAL_TWEETS), "skipped: there are no real tweets at " + REAL_TWEETS);
        JsonNode byLine = ingest().finished("by-line");
        int published = byLine.path("published").asInt();
        assertThat(byLine.path("read").asInt()).isEqualTo(NUMBER_OF_REAL_TWEETS);
        assertThat(published
                        + byLine.path("filtered").asInt()
                        + byLine.path("rejected").asInt())
                .isEqualTo(NUMBER_OF_REAL_TWEETS);
        assertThat(byLine.path("filtered").asInt()).isBetween(1, NUMBER_OF_REAL_TWEETS - 1);
        assertThat(records().tweets("by-line"))
                .hasSize(published)
                .extracting(Tweet::getId)
                .doesNotHaveDuplicates();
    }

    @Test
    void everyRealTweetWithoutAnIdIsRejected() throws IOException {
        assumeTrue(Files.isReadable(REAL_TWEETS), "skipped: there are no real tweets at " + REAL_TWEETS);
        assertThat(ingest().finished("by-id").path("rejected").asInt()).isEqualTo(NUMBER_OF_REAL_TWEETS);
        assertThat(records().rejected("by-id"))
                .hasSize(NUMBER_OF_REAL_TWEETS)
                .allSatisfy(record -> assertThat(rejection(record).reason()).isEqualTo(Rejection.Reason.NO_ID));
        assertThat(ingest().metric("deeptweet_rejected_total{feed=\"by-id\",reason=\"no-id\"}"))
                .isEqualTo(NUMBER_OF_REAL_TWEETS);
    }

    private static Rejection rejection(ConsumerRecord<byte[], byte[]> record) {
        return Rejection.readFrom(record.headers()).orElseThrow();
    }

    private static byte[] tweet(String id, String text, String language) {
        return utf8("{\"data\":{\"id\":\"" + id + "\",\"text\":\"" + text + "\",\"lang\":\"" + language
                + "\",\"created_at\":\"2024-08-15T22:24:09.000Z\"}}");
    }

    private static void line(OutputStream out, byte[] bytes) throws IOException {
        out.write(bytes);
        out.write('\n');
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
