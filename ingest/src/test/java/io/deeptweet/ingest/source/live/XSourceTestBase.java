// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server, and a source that follows it with short waits. */
abstract class XSourceTestBase {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int LARGEST = 10_000;
    /** The beginning of requests for the stream. */
    static final String STREAM = "GET " + XApi.STREAM + " ";

    final KafkaMock kafka = KafkaMock.thatAcknowledges();
    final RecordingMonitor monitor = new RecordingMonitor();
    FakeXApi x;

    @BeforeEach
    void start() throws IOException {
        x = new FakeXApi();
    }

    @AfterEach
    void stop() {
        x.close();
    }

    XOptions options(double monthlyCost, boolean search, String... rules) {
        XPauses.Waits waits = new XPauses.Waits(
                Duration.ofMillis(10),
                Duration.ofMillis(100),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                Duration.ofMillis(400));
        return new XOptions(
                x.address(),
                FakeXApi.TOKEN,
                search,
                List.of(rules),
                false,
                true,
                Duration.ofMillis(50),
                Duration.ofDays(1),
                0,
                new XOptions.Prices(0.005, 0.01, monthlyCost),
                new XOptions.Times(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(100),
                        Duration.ofMillis(50),
                        waits),
                LARGEST);
    }

    RunningSource run(String position, XOptions options) {
        return run(position, options, Clock.systemUTC());
    }

    RunningSource run(String position, XOptions options, Clock clock) {
        return run(position, options, clock, kafka, monitor);
    }

    static RunningSource run(
            String position, XOptions options, Clock clock, KafkaMock kafka, RecordingMonitor monitor) {
        FeedSink sink = new FeedSink(
                new Feed("apple", LanguageFilter.of("en,und")), kafka.publisher(), new RecordingListener());
        return new RunningSource(
                new XSource("x", options, LanguageDetector.NONE, clock), position, SinkGroup.of(sink), kafka, monitor);
    }

    /** A source of the stream that has connected. */
    RunningSource stream(String position) {
        RunningSource running = run(position, options(50, false, "apple"));
        awaitStream();
        return running;
    }

    void awaitStream() {
        await().atMost(PATIENCE).until(() -> x.streams() == 1);
    }

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).untilAsserted(assertion);
    }

    void awaitTweets(int count) {
        eventually(() -> assertThat(kafka.tweets()).hasSizeGreaterThanOrEqualTo(count));
    }

    /** The texts {@code post 1} to {@code post N}, in any order. */
    void assertEachOnce(int count) {
        assertThat(kafka.tweets())
                .extracting(Tweet::getText)
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "post " + i)
                        .toList());
    }
}
