// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deeptweet.ingest.source.live.FakeJetstream;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as it is shipped follows a server of Jetstream into a real broker. */
class JetstreamIT {
    private static final Path RECORDED =
            Path.of(System.getProperty("deeptweet.data", "nowhere")).resolve("live/jetstream-v1-events.jsonl.gz");

    @TempDir
    Path folder;

    private final LocalKafka kafka = LocalKafka.shared();

    @Test
    void aKilledProcessContinuesWithoutLossOrRepetition() throws Exception {
        int posts = 3_000;
        try (FakeJetstream server = new FakeJetstream(FakeJetstream.FIRST, Optional.empty())) {
            CompletableFuture<Void> adding;
            try (IngestProcess process = start(server)) {
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> !server.requests().isEmpty());
                server.plan(FakeJetstream.Fault.BREAK, 500);
                adding = CompletableFuture.runAsync(() -> add(server, posts));
                await().atMost(IngestProcess.PATIENCE)
                        .until(() -> process.client().published("live-all") > 700);
                process.process().kill();
            }
            try (IngestProcess process = start(server)) {
                adding.join();
                await().atMost(IngestProcess.PATIENCE)
                        .untilAsserted(() -> assertThat(tweets("live-all")).hasSizeGreaterThanOrEqualTo(posts));
                JsonNode feed = process.client().feed("live-all");
                assertThat(feed.path("state").asText()).isEqualTo("running");
                assertThat(feed.path("resumedAfter").asText()).startsWith("the posts up to 2");
                assertThat(feed.path("lagSeconds").isNumber()).isTrue();
                assertThat(process.client().metric("deeptweet_source_events_total{kind=\"post\",source=\"fake\"}"))
                        .isPositive();
            }
        }
        assertThat(tweets("live-all"))
                .extracting(Tweet::getText)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, posts).mapToObj(JetstreamIT::text).toList());
        assertThat(tweets("live-apples"))
                .hasSize(posts / 10)
                .allSatisfy(tweet -> assertThat(tweet.getText()).contains("apple"));
    }

    /** What a server of Bluesky has sent. */
    @Test
    void recordedEventsAreRead() throws Exception {
        assumeTrue(Files.isReadable(RECORDED), "there are no recorded events: " + RECORDED);
        List<String> events = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(RECORDED)), StandardCharsets.UTF_8))) {
            reader.lines().forEach(events::add);
        }
        try (FakeJetstream server = new FakeJetstream(FakeJetstream.FIRST, Optional.empty());
                IngestProcess process = IngestProcess.start(
                                folder,
                                kafka.bootstrapServers(),
                                kafka.registryUrl(),
                                "deeptweet.sources.recorded.url=" + server.address(),
                                "deeptweet.feeds.recorded-all.source=recorded",
                                "deeptweet.feeds.recorded-all.languages=*")
                        .awaitReady()) {
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> !server.requests().isEmpty());
            events.forEach(server::add);
            long withText = events.stream().filter(JetstreamIT::isPostWithText).count();
            await().atMost(IngestProcess.PATIENCE).until(() -> process.client().published("recorded-all") == withText);
            assertThat(process.client().feed("recorded-all").path("rejected").asInt())
                    .isZero();
            assertThat(tweets("recorded-all"))
                    .hasSize((int) withText)
                    .allSatisfy(tweet -> assertThat(tweet.getId()).startsWith("at://did:plc:"));
        }
        List<String> deleted = events.stream()
                .filter(event -> isPost(event, "delete"))
                .map(event -> json(event).path("commit").path("rkey").asText())
                .toList();
        assertThat(new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl()).deletions())
                .extracting(id -> id.substring(id.lastIndexOf('/') + 1))
                .containsAll(deleted);
    }

    private static boolean isPostWithText(String event) {
        return isPost(event, "create")
                && !json(event).at("/commit/record/text").asText().isBlank();
    }

    private static boolean isPost(String event, String operation) {
        JsonNode commit = json(event).path("commit");
        return commit.path("collection").asText().equals("app.bsky.feed.post")
                && commit.path("operation").asText().equals(operation);
    }

    private static JsonNode json(String event) {
        try {
            return new ObjectMapper().readTree(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private IngestProcess start(FakeJetstream server) {
        return IngestProcess.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.sources.fake.url=" + server.address(),
                        "deeptweet.feeds.live-all.source=fake",
                        "deeptweet.feeds.live-apples.source=fake",
                        "deeptweet.feeds.live-apples.track=apple -pear")
                .awaitReady();
    }

    private static void add(FakeJetstream server, int posts) {
        long start = System.currentTimeMillis() * 1_000;
        for (int i = 0; i < posts; i++) {
            Instant time = Instant.ofEpochMilli(start / 1_000 + i);
            server.add("{\"did\":\"did:plc:" + i % 7 + "\",\"time_us\":" + (start + 1_000L * i)
                    + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"a\",\"operation\":\"create\","
                    + "\"collection\":\"app.bsky.feed.post\",\"rkey\":\"r" + i + "\",\"record\":{\"createdAt\":\""
                    + time + "\",\"langs\":[\"en\"],\"text\":\"" + text(i) + "\"},\"cid\":\"c" + i + "\"}}");
        }
    }

    private static String text(int number) {
        return "post " + number + (number % 10 == 0 ? " with an apple" : number % 10 == 1 ? " apple and pear" : "");
    }

    private List<Tweet> tweets(String feed) {
        return new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl()).tweets(feed);
    }
}
