// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.Tweet;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that go away, brokers that were never there, and a stop in the middle of it all. */
class OutageIT {
    private static final String TWEET = "{\"id\": \"1\", \"text\": \"hello\"}";
    private static final int PUSH_TIMEOUT = 3;

    @TempDir
    Path folder;

    private static LocalKafka kafka;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.shared();
    }

    /** Killed, as by a power cut, while a file is replayed. */
    @Test
    void aBrokerThatComesBackHasEveryTweetOnce() throws Exception {
        int tweets = 20_000;
        int port = Ports.free();
        KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (RunningIngest ingest = RunningIngest.start(
                        folder,
                        broker.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.outage.file=" + lines(tweets),
                        "deeptweet.feeds.outage.rate=2000",
                        "deeptweet.push.timeout-seconds=" + PUSH_TIMEOUT,
                        "kafka.request.timeout.ms=2000")
                .awaitReady()) {
            assertThat(ingest.push("pushed", "application/json", TWEET).statusCode())
                    .isEqualTo(200);
            await().atMost(RunningIngest.PATIENCE).until(() -> ingest.published("outage") > 1000);
            broker.process().kill();

            long before = System.nanoTime();
            HttpResponse<String> answer = ingest.push("pushed", "application/json", TWEET);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("answers in time")
                    .isBetween(Duration.ofSeconds(PUSH_TIMEOUT - 1), Duration.ofSeconds(PUSH_TIMEOUT + 10));
            assertThat(ingest.feed("outage").path("state").asText()).isEqualTo("running");

            broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
            assertThat(ingest.finished("outage").path("published").asInt()).isEqualTo(tweets);
            assertThat(ingest.tweets("outage"))
                    .hasSize(tweets)
                    .extracting(Tweet::getId)
                    .doesNotHaveDuplicates();
            await().atMost(RunningIngest.PATIENCE)
                    .until(() ->
                            ingest.push("pushed", "application/json", TWEET).statusCode() == 200);
            assertThat(ingest.readiness()).isEqualTo(200);
        } finally {
            broker.close();
        }
    }

    @Test
    void aBrokerThatStaysAwayFailsTheFeedAndSaysSo() throws Exception {
        int port = Ports.free();
        KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (RunningIngest ingest = RunningIngest.start(
                        folder,
                        broker.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.lost.file=" + lines(100_000),
                        "deeptweet.feeds.lost.rate=1000",
                        "kafka.request.timeout.ms=1000",
                        "kafka.delivery.timeout.ms=3000")
                .awaitReady()) {
            await().atMost(RunningIngest.PATIENCE).until(() -> ingest.published("lost") > 500);
            assertThat(ingest.metric("deeptweet_feed_failed{feed=\"lost\"}")).isZero();
            broker.process().kill();

            await().atMost(RunningIngest.PATIENCE)
                    .until(() -> ingest.feed("lost").path("state").asText().equals("failed"));
            assertThat(ingest.readiness()).isEqualTo(503);
            assertThat(ingest.feed("lost").path("detail").asText())
                    .startsWith("Kafka did not take a record of tweets.txt");
            assertThat(ingest.metric("deeptweet_feed_failed{feed=\"lost\"}")).isEqualTo(1);
            long published = ingest.published("lost");
            long read = ingest.feed("lost").path("read").asLong();
            assertThat(read)
                    .as("what was read is not said to be published")
                    .isGreaterThan(published)
                    .isLessThan(100_000);
            assertThat(ingest.metric("deeptweet_ingested_total{feed=\"lost\"}")).isEqualTo(published);

            broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
            assertThat((long) ingest.tweets("lost").size())
                    .as("what was said to be published is there")
                    .isBetween(published, read);
            // A load balancer sends no tweets to what is not ready: it becomes so by itself.
            await().atMost(RunningIngest.PATIENCE).until(() -> ingest.readiness() == 200);
            await().atMost(RunningIngest.PATIENCE)
                    .until(() ->
                            ingest.push("pushed", "application/json", TWEET).statusCode() == 200);
        } finally {
            broker.close();
        }
    }

    @Test
    void aStopSendsWhatWasReadAndLeavesNoGap() throws Exception {
        RunningIngest ingest = RunningIngest.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.stopped.file=" + lines(1_000_000),
                        "deeptweet.feeds.stopped.rate=5000")
                .awaitReady();
        await().atMost(RunningIngest.PATIENCE).until(() -> ingest.published("stopped") > 5000);
        ingest.close();
        List<Tweet> tweets = ingest.tweets("stopped");
        assertThat(tweets).hasSizeBetween(5000, 999_999);
        assertThat(tweets)
                .extracting(Tweet::getId)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, tweets.size())
                        .mapToObj(line -> "stopped:" + line)
                        .toList());
        assertThat(Files.readString(ingest.process().log()))
                .doesNotContain("ERROR")
                .doesNotContain("\tat ");
    }

    @Test
    void aMissingBrokerStopsTheStartInASentence() throws Exception {
        String nowhere = "localhost:" + Ports.free();
        assertThat(startFails(
                        nowhere,
                        kafka.registryUrl(),
                        "kafka.default.api.timeout.ms=4000",
                        "kafka.request.timeout.ms=2000"))
                .contains("ingest cannot start: no Kafka broker answered at " + nowhere)
                .contains("start it, or set kafka.bootstrap.servers");
        assertThat(startFails("no.such.host.invalid:9092", kafka.registryUrl()))
                .contains("ingest cannot start: ")
                .contains("No resolvable bootstrap urls");
    }

    @Test
    void aMissingRegistryStopsTheStartInASentence() throws Exception {
        String nowhere = "http://localhost:" + Ports.free();
        assertThat(startFails(kafka.bootstrapServers(), nowhere, "kafka.retries.wait.ms=10"))
                .contains("ingest cannot start: the schema registry at " + nowhere + " cannot be reached");
    }

    private String startFails(String bootstrapServers, String registryUrl, String... settings) throws Exception {
        try (RunningIngest ingest = RunningIngest.start(folder, bootstrapServers, registryUrl, settings)) {
            await().atMost(RunningIngest.PATIENCE).until(() -> !ingest.process().isAlive());
            assertThat(ingest.process().waitFor()).isEqualTo(1);
            String log = Files.readString(ingest.process().log());
            assertThat(log).doesNotContain("\tat ");
            return log;
        }
    }

    private Path lines(int count) throws Exception {
        try (Stream<String> lines = IntStream.range(0, count).mapToObj(i -> "tweet " + i)) {
            return Files.write(folder.resolve("tweets.txt"), (Iterable<String>) lines::iterator);
        }
    }
}
