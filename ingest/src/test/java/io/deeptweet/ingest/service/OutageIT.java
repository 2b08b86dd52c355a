// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.local.KafkaBroker;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.local.Ports;
import io.deeptweet.schemas.Tweet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that are killed while the service runs, and a stop while a feed runs. */
class OutageIT {
    private static final String JSON = "application/json";
    private static final String TWEET = "{\"id\": \"1\", \"text\": \"hello\", \"lang\": \"en\"}";
    private static final int PUSH_TIMEOUT_SECONDS = 3;

    @TempDir
    Path folder;

    private static LocalKafka kafka;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.shared();
    }

    /** Killed as by a power cut, while a file is replayed. */
    @Test
    void aBrokerThatComesBackHasEveryTweetOnce() throws Exception {
        int tweets = 20_000;
        int port = Ports.free();
        KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (IngestProcess process = IngestProcess.start(
                        folder,
                        broker.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.outage.file=" + file(tweets),
                        "deeptweet.feeds.outage.rate=5000",
                        "deeptweet.push.timeout-seconds=" + PUSH_TIMEOUT_SECONDS,
                        "kafka.request.timeout.ms=2000")
                .awaitReady()) {
            IngestClient ingest = process.client();
            assertThat(ingest.push("pushed", JSON, TWEET).statusCode()).isEqualTo(200);
            await().atMost(IngestProcess.PATIENCE).until(() -> ingest.published("outage") > 1000);
            broker.process().kill();

            long before = System.nanoTime();
            HttpResponse<String> answer = ingest.push("pushed", JSON, TWEET);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).isPresent();
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("the answer comes in time")
                    .isBetween(
                            Duration.ofSeconds(PUSH_TIMEOUT_SECONDS - 1),
                            Duration.ofSeconds(PUSH_TIMEOUT_SECONDS + 10));
            assertThat(ingest.feed("outage").path("state").asText()).isEqualTo("running");

            broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
            assertThat(ingest.finished("outage").path("published").asInt()).isEqualTo(tweets);
            assertThat(records(broker).tweets("outage"))
                    .hasSize(tweets)
                    .extracting(Tweet::getId)
                    .doesNotHaveDuplicates();
            awaitPushed(ingest);
            assertThat(ingest.readiness()).isEqualTo(200);
        } finally {
            broker.close();
        }
    }

    @Test
    void aFeedGoesOnFromItsLastCommitWhenTheBrokerComesBack() throws Exception {
        int tweets = 20_000;
        int port = Ports.free();
        KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (IngestProcess process = IngestProcess.start(
                        folder,
                        broker.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.lost.file=" + file(tweets),
                        "deeptweet.feeds.lost.rate=2000",
                        "kafka.request.timeout.ms=1000",
                        "kafka.delivery.timeout.ms=3000")
                .awaitReady()) {
            IngestClient ingest = process.client();
            await().atMost(IngestProcess.PATIENCE).until(() -> ingest.published("lost") > 500);
            assertThat(ingest.metric("deeptweet_feed_failed{feed=\"lost\"}")).isZero();
            broker.process().kill();

            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> ingest.feed("lost").path("state").asText().equals("retrying"));
            // The first fault may be one of the transaction, which does not say that the broker is gone.
            await().atMost(IngestProcess.PATIENCE).until(() -> ingest.readiness() == 503);
            assertThat(ingest.feed("lost").path("detail").asText()).isNotBlank();
            assertThat(ingest.metric("deeptweet_feed_failed{feed=\"lost\"}")).isEqualTo(1);

            broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
            assertThat(ingest.finished("lost").path("published").asInt()).isEqualTo(tweets);
            assertThat(records(broker).tweets("lost"))
                    .hasSize(tweets)
                    .extracting(Tweet::getId)
                    .doesNotHaveDuplicates();
            // No tweets are needed for that: a load balancer sends none to an instance that is not ready.
            await().atMost(IngestProcess.PATIENCE).until(() -> ingest.readiness() == 200);
            awaitPushed(ingest);
        } finally {
            broker.close();
        }
    }

    /** A pipe gives each record once, so what Kafka did not take is kept. */
    @Test
    void whatCameThroughANamedPipeIsPublishedWhenTheBrokerComesBack() throws Exception {
        int tweets = 6_000;
        Path pipe = folder.resolve("pipe.txt");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        int port = Ports.free();
        KafkaBroker broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (IngestProcess process = IngestProcess.start(
                        folder,
                        broker.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.piped.file=" + pipe,
                        "deeptweet.feeds.piped.rate=2000",
                        "kafka.request.timeout.ms=1000",
                        "kafka.delivery.timeout.ms=3000")
                .awaitReady()) {
            IngestClient ingest = process.client();
            CompletableFuture<Path> writing = CompletableFuture.supplyAsync(() -> write(pipe, lines(tweets)));
            await().atMost(IngestProcess.PATIENCE).until(() -> ingest.published("piped") > 500);
            broker.process().kill();
            await().atMost(IngestProcess.PATIENCE)
                    .until(() -> ingest.feed("piped").path("state").asText().equals("retrying"));

            broker = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
            assertThat(ingest.finished("piped").path("published").asInt()).isEqualTo(tweets);
            assertThat(writing).isCompleted();
            assertThat(records(broker).tweets("piped"))
                    .hasSize(tweets)
                    .extracting(Tweet::getText)
                    .doesNotHaveDuplicates();
        } finally {
            broker.close();
        }
        // Another pipe may have the same name.
        KafkaBroker again = KafkaBroker.start(LocalKafka.home(), folder.resolve("broker"), port);
        try (IngestProcess process = IngestProcess.start(
                        folder, again.bootstrapServers(), kafka.registryUrl(), "deeptweet.feeds.piped.file=" + pipe)
                .awaitReady()) {
            write(pipe, List.of("another tweet"));
            assertThat(process.client().finished("piped").path("published").asInt())
                    .isEqualTo(1);
            assertThat(records(again).tweets("piped"))
                    .hasSize(tweets + 1)
                    .extracting(Tweet::getId)
                    .doesNotHaveDuplicates();
        } finally {
            again.close();
        }
    }

    @Test
    void aStopLeavesNoGap() throws Exception {
        IngestProcess process = IngestProcess.start(
                        folder,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        "deeptweet.feeds.stopped.file=" + file(1_000_000),
                        "deeptweet.feeds.stopped.rate=5000")
                .awaitReady();
        await().atMost(IngestProcess.PATIENCE).until(() -> process.client().published("stopped") > 5000);
        process.close();
        List<Tweet> tweets = new PublishedRecords(kafka.bootstrapServers(), kafka.registryUrl()).tweets("stopped");
        assertThat(tweets).hasSizeBetween(5000, 999_999);
        assertThat(tweets)
                .extracting(Tweet::getId)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, tweets.size())
                        .mapToObj(line -> "stopped:" + line)
                        .toList());
        assertThat(Files.readString(process.process().log()))
                .doesNotContain("ERROR")
                .doesNotContain("\tat ");
    }

    private static void awaitPushed(IngestClient ingest) {
        await().atMost(IngestProcess.PATIENCE)
                .until(() -> ingest.push("pushed", JSON, TWEET).statusCode() == 200);
    }

    private static PublishedRecords records(KafkaBroker broker) {
        return new PublishedRecords(broker.bootstrapServers(), kafka.registryUrl());
    }

    private Path file(int count) {
        return write(folder.resolve("tweets.txt"), lines(count));
    }

    private static List<String> lines(int count) {
        return IntStream.range(0, count).mapToObj(i -> "tweet " + i).toList();
    }

    private static Path write(Path file, List<String> lines) {
        try {
            return Files.write(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
