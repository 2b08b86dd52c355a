// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.ingest.source.live.FakeXApi.Answer;
import io.deeptweet.ingest.source.live.FakeXApi.Fault;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class XSourceFaultsTest extends XSourceTestBase {
    @Test
    void aSilentStreamIsReplaced() throws Exception {
        x.plan(Fault.STALL, 1);
        try (RunningSource ignored = stream("")) {
            x.add("post 1");
            awaitTweets(1);
            eventually(() -> assertThat(monitor.interruptions()).first().satisfies(interruption -> {
                assertThat(interruption.kind()).isEqualTo(Kind.QUIET);
                assertThat(interruption.detail()).startsWith("nothing came for 1 s");
            }));
        }
    }

    /** Heartbeats come ten times as often as the source's patience ends. */
    @Test
    void heartbeatsKeepAStreamWithoutPosts() throws Exception {
        try (RunningSource ignored = stream("")) {
            Instant start = Instant.now();
            await().atMost(PATIENCE).until(() -> Instant.now().isAfter(start.plusMillis(2_500)));
            assertThat(x.requests(STREAM)).hasSize(1);
            assertThat(monitor.states()).containsExactly("running");
        }
    }

    @Test
    void aDisconnectThatXAnnouncesIsShown() throws Exception {
        try (RunningSource ignored = stream("")) {
            x.send("{\"errors\":[{\"title\":\"operational-disconnect\",\"disconnect_type\":"
                    + "\"UpstreamOperationalDisconnect\",\"detail\":\"This stream has been disconnected upstream\"}]}");
            eventually(() -> assertThat(monitor.interruptions()).first().satisfies(interruption -> {
                assertThat(interruption.kind()).isEqualTo(Kind.DISCONNECTED);
                assertThat(interruption.detail()).startsWith("X ended the stream: \"operational-disconnect");
            }));
            eventually(() -> assertThat(x.requests(STREAM)).hasSizeGreaterThan(1));
            awaitStream();
            x.add("post 1");
            awaitTweets(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"401, REFUSED", "403, REFUSED", "503, REFUSED", "302, REFUSED", "429, RATE_LIMITED"})
    void aRefusalIsShownAndTriedAgain(int status, Kind kind) throws Exception {
        x.plan(
                XApi.STREAM,
                new Answer(
                        status,
                        "{\"title\":\"Sorry\",\"detail\":\"not now\"}",
                        Map.of("Location", "http://localhost:1/elsewhere")));
        try (RunningSource ignored = stream("")) {
            eventually(() -> assertThat(monitor.states()).contains("running"));
            assertThat(monitor.interruptions()).singleElement().satisfies(interruption -> {
                assertThat(interruption.kind()).isEqualTo(kind);
                assertThat(interruption.detail()).contains("" + status).contains("Sorry: not now");
            });
            x.add("post 1");
            awaitTweets(1);
        }
    }

    @Test
    void aRateLimitIsWaitedForUntilXLiftsIt() throws Exception {
        Instant reset = Instant.ofEpochSecond(Instant.now().getEpochSecond() + 2);
        x.plan(
                XApi.STREAM,
                new Answer(
                        429,
                        "",
                        Map.of("x-rate-limit-remaining", "0", "x-rate-limit-reset", "" + reset.getEpochSecond())));
        try (RunningSource ignored = stream("")) {
            assertThat(Instant.now()).isAfterOrEqualTo(reset.minusMillis(50)); // sleeps are cut to milliseconds
            assertThat(monitor.interruptions())
                    .singleElement()
                    .satisfies(
                            interruption -> assertThat(interruption.nextTry()).isEqualTo(reset));
        }
    }

    @Test
    void tooManyConnectionsAreNotWaitedForUntilTheRateLimitIsReset() throws Exception {
        x.addRule("1", "apple", "deeptweet-x");
        try (RunningSource ignored = stream("")) {
            RecordingMonitor other = new RecordingMonitor();
            try (RunningSource second =
                    run("", options(50, false, "apple"), Clock.systemUTC(), KafkaMock.thatAcknowledges(), other)) {
                eventually(() -> assertThat(other.interruptions()).hasSizeGreaterThan(2));
                assertThat(second.isRunning()).isTrue();
                assertThat(other.interruptions()).allSatisfy(interruption -> {
                    assertThat(interruption.kind()).isEqualTo(Kind.RATE_LIMITED);
                    assertThat(interruption.detail()).contains("TooManyConnections");
                });
            }
        }
    }

    @Test
    void rulesThatAreGoneAreAddedAgain() throws Exception {
        x.plan(XApi.STREAM, new Answer(409, "{\"title\":\"ConnectionException\",\"detail\":\"no rules\"}"));
        try (RunningSource ignored = stream("")) {
            assertThat(x.requests("GET " + XApi.RULES)).hasSize(2);
        }
    }

    @Test
    void garbageIsRejectedAndTheStreamGoesOn() throws Exception {
        List<String> garbage = List.of(
                "not json",
                "<html><body>Bad gateway</body></html>",
                "[]",
                "{}",
                "{\"data\":1}",
                "{\"data\":{\"text\":\"no id\"}}",
                "{\"data\":{\"id\":\"one\",\"text\":\"x\"}}",
                "{\"data\":{\"id\":\"99999999999999999999\",\"text\":\"x\"}}",
                "{\"data\":{\"id\":\"1\",\"text\":5}}",
                "[".repeat(5_000),
                "x".repeat(5 * LARGEST));
        try (RunningSource ignored = stream("")) {
            for (int i = 0; i < 200; i++) garbage.forEach(x::send);
            x.add("good");
            awaitTweets(1);
            assertThat(kafka.rejected()).hasSize(200 * garbage.size());
            assertThat(x.requests(STREAM)).hasSize(1);
        }
    }

    /** Otherwise every search would begin in the future. */
    @Test
    void anIdOfTheFutureDoesNotMoveThePosition() throws Exception {
        try (RunningSource ignored = stream("")) {
            x.send("{\"data\":{\"id\":\"9000000000000000000\",\"text\":\"x\","
                    + "\"created_at\":\"2026-01-01T00:00:00Z\"}}");
            x.add("post 1");
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> !kafka.position().isEmpty());
            assertThat(XIds.time(XPosition.parse(kafka.position()).newest()))
                    .isBeforeOrEqualTo(Instant.now().plusSeconds(1));
        }
    }

    @Test
    void searchesThatAnswerWithGarbageAreTriedAgain() throws Exception {
        x.plan(XApi.SEARCH, new Answer(200, "<html></html>"));
        x.plan(XApi.SEARCH, new Answer(200, "{\"data\":[1,{\"id\":\"a\"}],\"meta\":5}"));
        x.plan(XApi.SEARCH, new Answer(502, "<html>".repeat(10_000)));
        try (RunningSource ignored = run("", options(50, true, "apple"))) {
            eventually(() -> assertThat(monitor.interruptions()).hasSize(2));
            assertThat(monitor.interruptions()).allMatch(interruption -> interruption.kind() == Kind.REFUSED);
            x.addToSearch("post 1");
            awaitTweets(1);
            assertEachOnce(1);
        }
    }

    @Test
    void anInterruptedSourceEndsWhileItWaitsForTheStream() throws Exception {
        x.plan(Fault.STALL, 0);
        RunningSource running = stream("");
        eventually(() -> assertThat(monitor.states()).contains("running"));
        Instant start = Instant.now();
        running.close();
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(1));
        await().atMost(PATIENCE).until(() -> !running.isRunning());
    }

    /** A reader that is slower than the server slows it down. */
    @Test
    void noMoreIsReceivedThanIsTaken() throws Exception {
        x.addRule("1", "apple", "deeptweet-x");
        HttpRequest request = HttpRequest.newBuilder(x.address().resolve(XApi.STREAM))
                .header("Authorization", "Bearer " + FakeXApi.TOKEN)
                .build();
        String line = "x".repeat(LARGEST - 1);
        try (HttpLines lines =
                HttpLines.connect(XApi.client(options(50, false, "apple")), request, PATIENCE, LARGEST)) {
            for (int i = 0; i < 5_000; i++) x.send(line);
            AtomicLong before = new AtomicLong(-1);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(x.sentBytes()) == x.sentBytes() && x.sentBytes() > 0);
            assertThat(x.sentBytes()).isLessThan(20_000_000);
            int taken = 0;
            while (taken < 5_000) if (!lines.next().isBlank()) taken++;
            assertThat(x.sentBytes()).isGreaterThanOrEqualTo(50_000_000);
        }
    }

    @Test
    void theTokenIsNeverShown() throws Exception {
        x.plan(XApi.STREAM, new Answer(401, "{\"title\":\"Unauthorized\"}"));
        XSource source = new XSource("x", options(50, false, "apple"), LanguageDetector.NONE, Clock.systemUTC());
        assertThat(source.describe()).startsWith("X at localhost:").doesNotContain(FakeXApi.TOKEN);
        try (RunningSource ignored = stream("")) {
            x.add("post 1");
            awaitTweets(1);
            await().atMost(PATIENCE).until(() -> !kafka.position().isEmpty());
            assertThat(kafka.position()).doesNotContain(FakeXApi.TOKEN);
            assertThat(monitor.states()).noneMatch(state -> state.contains(FakeXApi.TOKEN));
            assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("post 1");
        }
    }
}
