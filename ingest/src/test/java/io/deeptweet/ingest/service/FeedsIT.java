// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.source.live.FakeJetstream;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds of a live source are changed while the service as it is shipped runs, on a real broker. */
class FeedsIT {
    private static final String APPLES = feed("rt-apples", "apple");

    @TempDir
    Path folder;

    private final LocalKafka kafka = LocalKafka.shared();
    private FakeJetstream server;
    private int posts;

    @BeforeEach
    void serve() throws IOException {
        server = new FakeJetstream(FakeJetstream.FIRST, Optional.empty());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFeedIsAddedPausedKeptOverARestartResumedAndRemoved() throws Exception {
        try (IngestProcess process = start()) {
            IngestClient ingest = process.client();
            assertThat(server.requests()).as("no feed, no connection").isEmpty();
            assertAnswer(ingest.change("POST", "/feeds", APPLES), 201, "\"track\":\"apple\"");
            awaitConnections(1);
            post("one apple", "one pear");
            awaitPublished(ingest, "rt-apples", 1);
            assertAnswer(ingest.change("POST", "/feeds", APPLES), 200, "\"published\":1");
            assertAnswer(ingest.change("POST", "/feeds", feed("rt-apples", "pear")), 409, "replace or remove it");
            assertAnswer(ingest.change("POST", "/feeds", feed("rt-b", "(")), 400, "track is");
            assertAnswer(ingest.change("POST", "/feeds", feed("rt-b", " ".repeat(20_000))), 413, "more than 16384");
            assertAnswer(ingest.change("POST", "/feeds", feed("rt-all", "")), 201, "rt-all");
            post("two apples and an apple", "two pears");
            awaitPublished(ingest, "rt-all", 2);
            awaitPublished(ingest, "rt-apples", 2);

            assertAnswer(ingest.change("POST", "/feeds/rt-apples/pause", ""), 200, "\"state\":\"paused\"");
            post("three apple pies", "three pears");
            awaitPublished(ingest, "rt-all", 4);
            assertThat(ingest.published("rt-apples")).isEqualTo(2);
            assertThat(server.requests()).as("one connection for all of this").hasSize(1);
        }
        try (IngestProcess process = start()) {
            IngestClient ingest = process.client();
            assertThat(ingest.feed("rt-apples").path("state").asText()).isEqualTo("paused");
            assertThat(ingest.feed("rt-all").path("track").asText()).isEmpty();
            awaitConnections(2);
            post("four: apple", "four");
            awaitPublished(ingest, "rt-all", 2);
            assertAnswer(ingest.change("POST", "/feeds/rt-apples/resume", ""), 200, "\"state\":\"running\"");
            assertAnswer(
                    ingest.change("PUT", "/feeds/rt-all", "{\"source\": \"run-time\", \"track\": \"pear\"}"),
                    200,
                    "pear");
            post("five apple", "five pear");
            awaitPublished(ingest, "rt-apples", 1);
            awaitPublished(ingest, "rt-all", 1);

            assertThat(ingest.metric("deeptweet_ingested_total{feed=\"rt-all\"}"))
                    .isPositive();
            assertThat(ingest.change("DELETE", "/feeds/rt-apples", "").statusCode())
                    .isEqualTo(204);
            assertThat(ingest.change("DELETE", "/feeds/rt-all", "").statusCode())
                    .isEqualTo(204);
            assertAnswer(ingest.change("DELETE", "/feeds/rt-all", ""), 404, "no live source has a feed");
            assertThat(ingest.get("/feeds").body()).doesNotContain("rt-");
            assertThat(ingest.get("/q/metrics").body()).doesNotContain("feed=\"rt-");
            assertThat(server.requests()).hasSize(2);
        }
        try (IngestProcess process = start()) {
            assertThat(process.client().get("/feeds").body()).doesNotContain("rt-");
        }
        assertThat(texts("rt-apples")).containsExactly("one apple", "two apples and an apple", "five apple");
        assertThat(texts("rt-all"))
                .containsExactly(
                        "two apples and an apple",
                        "two pears",
                        "three apple pies",
                        "three pears",
                        "four: apple",
                        "four",
                        "five pear");
    }

    @Test
    void aFeedOfTheSettingsStaysPausedAndThenContinues() throws Exception {
        String feed = "deeptweet.feeds.rt-configured.source=run-time";
        try (IngestProcess process = start(feed)) {
            awaitConnections(1);
            post("before");
            awaitPublished(process.client(), "rt-configured", 1);
            assertAnswer(
                    process.client().change("POST", "/feeds/rt-configured/pause", ""), 200, "\"state\":\"paused\"");
            assertAnswer(process.client().change("DELETE", "/feeds/rt-configured", ""), 409, "remove the setting");
            post("meanwhile");
        }
        try (IngestProcess process = start(feed)) {
            assertThat(process.client().feed("rt-configured").path("state").asText())
                    .isEqualTo("paused");
            assertThat(server.requests()).as("nobody is to get tweets").hasSize(1);
            assertAnswer(process.client().change("POST", "/feeds/rt-configured/resume", ""), 200, "running");
            awaitConnections(2);
            post("after");
            awaitPublished(process.client(), "rt-configured", 2);
        }
        assertThat(texts("rt-configured"))
                .as("Jetstream still has what came meanwhile")
                .containsExactly("before", "meanwhile", "after");
    }

    @Test
    void everyInstanceHasTheFeedAndOneOfThemPublishesIt() throws Exception {
        try (IngestProcess one = start();
                IngestProcess two = start()) {
            List<IngestClient> instances = List.of(one.client(), two.client());
            assertAnswer(one.client().change("POST", "/feeds", feed("rt-shared", "")), 201, "rt-shared");
            await().atMost(IngestProcess.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(two.client().get("/feeds").body()).contains("rt-shared"));
            awaitConnections(2);
            // The one that is replaced notices when it commits.
            await().atMost(IngestProcess.PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        post("early");
                        return states(instances).equals(List.of("failed", "running"));
                    });
            post("shared");
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> texts("rt-shared").contains("shared"));
            assertThat(two.client().change("DELETE", "/feeds/rt-shared", "").statusCode())
                    .isEqualTo(204);
            await().atMost(IngestProcess.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(one.client().get("/feeds").body()).doesNotContain("rt-shared"));
        }
        assertThat(texts("rt-shared").stream().filter("shared"::equals)).hasSize(1);
    }

    /** In alphabetical order. */
    private static List<String> states(List<IngestClient> instances) throws IOException {
        List<String> states = new ArrayList<>();
        for (IngestClient instance : instances)
            states.add(instance.feed("rt-shared").path("state").asText());
        Collections.sort(states);
        return states;
    }

    private IngestProcess start(String... settings) {
        String[] all = new String[settings.length + 1];
        System.arraycopy(settings, 0, all, 1, settings.length);
        all[0] = "deeptweet.sources.run-time.url=" + server.address();
        return IngestProcess.start(folder, kafka.bootstrapServers(), kafka.registryUrl(), all)
                .awaitReady();
    }

    private void awaitConnections(int number) {
        await().atMost(IngestProcess.PATIENCE).until(() -> server.requests().size() == number);
    }

    private static void awaitPublished(IngestClient ingest, String feed, long number) {
        await().atMost(IngestProcess.PATIENCE)
                .untilAsserted(() -> assertThat(ingest.published(feed)).isEqualTo(number));
    }

    private static void assertAnswer(HttpResponse<String> answer, int status, String part) {
        assertThat(answer.body()).contains(part);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    }

    private static String feed(String name, String track) {
        return "{\"feed\": \"" + name + "\", \"source\": \"run-time\", \"track\": \"" + track + "\"}";
    }

    private void post(String... texts) {
        for (String text : texts) {
            Instant now = Instant.now();
            posts++;
            server.add("{\"did\":\"did:plc:a\",\"time_us\":" + (now.toEpochMilli() * 1_000 + posts)
                    + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"a\",\"operation\":\"create\","
                    + "\"collection\":\"app.bsky.feed.post\",\"rkey\":\"r" + posts + "\",\"record\":{\"createdAt\":\""
                    + now + "\",\"langs\":[\"en\"],\"text\":\"" + text + "\"},\"cid\":\"c\"}}");
        }
    }

    /** In the order of the posts. */
    private List<String> texts(String feed) {
        return new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl())
                .tweets(feed).stream()
                        .sorted(Comparator.comparingInt(
                                tweet -> Integer.parseInt(tweet.getId().replaceAll(".*/r", ""))))
                        .map(Tweet::getText)
                        .toList();
    }
}
