// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.github.luben.zstd.ZstdDictTrainer;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JetstreamSourceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final LanguageDetector LANGUAGES =
            text -> Optional.of("fr").filter(language -> text.startsWith("Bonjour"));
    private static final Duration QUIET = Duration.ofMillis(1_500);
    /** Of the first event, in microseconds. */
    private static final long START = 1_779_719_009_000_000L;

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();
    private final RecordingMonitor monitor = new RecordingMonitor();
    private FakeJetstream first;
    private FakeJetstream second;

    @BeforeEach
    void start() throws IOException {
        first = new FakeJetstream(FakeJetstream.FIRST, Optional.empty());
        second = new FakeJetstream(FakeJetstream.FIRST, Optional.empty());
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    /** The next start would ask for what comes after it, and its position could not be read. */
    @Test
    void aNumberThatNoServerReachesIsInvalid() throws Exception {
        try (FakeJetstream server = new FakeJetstream(FakeJetstream.SECOND, Optional.empty());
                RunningSource ignored = run("", server)) {
            server.add(secondVersion(1, "one"));
            server.add(secondVersion(Long.MAX_VALUE, "two"));
            server.add(secondVersion(3, "three"));
            awaitTweets(2);
            assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("one", "three");
            assertThat(monitor.events()).containsEntry("invalid", 1);
            await().atMost(PATIENCE).until(() -> kafka.position().contains("cursor=3 "));
        }
    }

    @Test
    void emptyMessagesThatNobodyTakesDoNotFillTheHeap() throws Exception {
        try (WebSocketFrames frames =
                WebSocketFrames.connect(HttpClient.newHttpClient(), first.address(), Optional.empty(), 100)) {
            int most = (int) (WebSocketFrames.MOST_BYTES / 200) + 100;
            for (int i = 0; i < 3 * most; i++) first.add("");
            await().atMost(PATIENCE).until(() -> frames.waiting() > most / 2);
            for (int taken = 0; taken < 2 * most; taken++) {
                assertThat(frames.next(PATIENCE)).isPresent();
                assertThat(frames.waiting()).isLessThan(most);
            }
        }
    }

    @Test
    void aPostBecomesATweet() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.add(post(1, "Try RSV for a good time !!"));
            awaitTweets(1);
            assertThat(first.requests()).containsExactly("/subscribe?wantedCollections=app.bsky.feed.post");
            Tweet tweet = kafka.tweets().get(0);
            assertThat(tweet.getId()).isEqualTo("at://did:plc:1/app.bsky.feed.post/r1");
            assertThat(tweet.getText()).isEqualTo("Try RSV for a good time !!");
            assertThat(tweet.getFeed()).isEqualTo("bluesky");
            assertThat(tweet.getAuthor()).contains("did:plc:1");
            assertThat(tweet.getLanguage()).contains("en");
            assertThat(tweet.getCreatedAt()).isEqualTo(time(1).minusMillis(400));
            assertThat(monitor.states()).containsExactly("running");
        }
    }

    @Test
    void aDetectedLanguageReplacesTheOneThatTheAppNames() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.add(post(1, "Bonjour")); // the app says en
            first.add(post(2, "Hello"));
            awaitTweets(1);
            assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("Hello");
        }
    }

    @Test
    void oneConnectionSuppliesFeedsWithDifferentRules() throws Exception {
        SinkGroup sinks = new SinkGroup(
                "bluesky", List.of(sink("apples", FeedRule.of("apple")), sink("fruit", FeedRule.of("apple OR pear"))));
        try (RunningSource ignored = run("", sinks, options(first), first)) {
            first.add(post(1, "An Apple a day"));
            first.add(post(2, "pears? no, one pear"));
            first.add(post(3, "neither"));
            awaitTweets(3);
            assertThat(kafka.tweets())
                    .extracting(Tweet::getFeed, Tweet::getText)
                    .containsExactly(
                            tuple("apples", "An Apple a day"),
                            tuple("fruit", "An Apple a day"),
                            tuple("fruit", "pears? no, one pear"));
            assertThat(first.requests()).hasSize(1);
        }
    }

    @Test
    void otherEventsAreCountedAndPostsWithoutTextLeftOut() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.add(post(1, ""));
            first.add(post(2, "edited").replace("\"create\"", "\"update\""));
            first.add(post(3, "gone").replace("\"create\"", "\"delete\""));
            first.add("{\"did\":\"did:plc:4\",\"time_us\":" + (START + 4) + ",\"kind\":\"identity\"}");
            first.add(post(5, "from the past").replace("2026-05", "1999-05"));
            first.add(post(6, "no date").replace("createdAt", "made"));
            awaitTweets(2);
            assertThat(monitor.events())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "post", 3, "update", 1, "delete", 1, "other", 1, "without_text", 1, "wrong_time", 2));
            assertThat(kafka.tweets()).extracting(Tweet::getCreatedAt).containsExactly(time(5), time(6));
            assertThat(kafka.deletions()).containsExactly("at://did:plc:3/app.bsky.feed.post/r3");
        }
    }

    @Test
    void whatIsNoEventIsRejectedAndTheStreamGoesOn() throws Exception {
        try (RunningSource ignored = run("", first)) {
            List<String> garbage = List.of(
                    "",
                    "not json",
                    "[]",
                    "{\"kind\":\"commit\"}",
                    "{\"time_us\":-1,\"did\":\"d\",\"kind\":\"commit\"}",
                    post(1, "x").replace("\"did:plc:1\"", "1"),
                    post(2, "x").replaceAll("\"record\":\\{.*?\\}", "\"record\":1"),
                    post(3, "x").replaceAll("\"time_us\":\\d+", "\"time_us\":9223372036854775807"),
                    "x".repeat(200_000));
            garbage.forEach(first::add);
            first.add(post(9, "good"));
            awaitTweets(1);
            assertThat(kafka.rejected()).hasSize(garbage.size());
            assertThat(first.requests()).hasSize(1);
        }
    }

    @Test
    void aSilentServerIsReplacedByTheNextWithoutLossOrRepetition() throws Exception {
        first.plan(FakeJetstream.Fault.STALL, 30);
        try (RunningSource ignored = run("", first, second)) {
            for (int i = 1; i <= 50; i++) {
                first.add(post(i, "post " + i));
                second.add(post(i, "post " + i)); // its clock is the same here
            }
            awaitTweets(50);
            assertEachOnce(50);
            assertThat(second.requests())
                    .containsExactly(
                            "/subscribe?wantedCollections=app.bsky.feed.post&cursor=" + (START + 30_000 - 10_000_000));
            assertThat(monitor.events()).containsEntry("repeated", 30);
            assertThat(monitor.states()).hasSize(3);
            assertThat(monitor.states().get(1)).isEqualTo("nothing came for 1 s");
        }
    }

    @Test
    void abrokenConnectionContinuesAtTheCursor() throws Exception {
        first.plan(FakeJetstream.Fault.BREAK, 20);
        first.plan(FakeJetstream.Fault.CLOSE, 10);
        first.plan(FakeJetstream.Fault.REFUSE, 0);
        try (RunningSource ignored = run("", first)) {
            for (int i = 1; i <= 60; i++) first.add(post(i, "post " + i));
            awaitTweets(60);
            assertEachOnce(60);
            assertThat(monitor.states())
                    .anyMatch(state -> state.contains("the server closed the connection with code 1012"));
            assertThat(monitor.states()).anyMatch(state -> state.contains("limits the rate of requests (429)"));
        }
    }

    @Test
    void aCursorThatIsLowerThanTheLastOneIsNoRepetition() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.add(post(5, "post 1"));
            first.add(post(3, "post 2"));
            first.add(post(5, "post 3").replace("did:plc:5", "did:plc:6"));
            first.add(post(5, "post 1")); // that is one
            first.add(post(7, "post 4"));
            awaitTweets(4);
            assertEachOnce(4);
        }
    }

    @Test
    void anotherProcessContinuesAtTheCommittedPosition() throws Exception {
        try (RunningSource ignored = run("", first)) {
            for (int i = 1; i <= 10; i++) first.add(post(i, "post " + i));
            awaitTweets(10);
            await().atMost(PATIENCE).until(() -> kafka.position().contains("cursor=" + (START + 10_000 - 1_000_000)));
        }
        for (int i = 11; i <= 20; i++) first.add(post(i, "post " + i));
        try (RunningSource ignored = run(kafka.position(), first)) {
            awaitTweets(20);
            assertEachOnce(20);
        }
    }

    /** As recorded: each time is up to 0.03 s before the largest one. A restart loses none that is sent late. */
    @Test
    void anotherProcessLosesNoPostThatIsOutOfOrder() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.add(post(100, "post 1"));
            first.add(post(130, "post 2"));
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> kafka.position().contains(","));
        }
        first.add(post(110, "post 3"));
        try (RunningSource ignored = run(kafka.position(), first)) {
            awaitTweets(3);
            assertEachOnce(3);
        }
    }

    @Test
    void whatTheServerHasForgottenIsCountedAsAGap() throws Exception {
        for (int i = 1; i <= 10; i++) first.add(post(i, "post " + i));
        first.forget();
        first.add(post(100_000, "a hundred seconds later"));
        String position = "server=" + first.address().getAuthority() + " cursor=" + (START + 1_000) + " seen=";
        try (RunningSource ignored = run(position, first)) {
            awaitTweets(1);
            assertThat(monitor.events()).containsEntry("gap", 1);
        }
    }

    @Test
    void compressedMessagesAreRead() throws Exception {
        ZstdDictTrainer trainer = new ZstdDictTrainer(1 << 20, 10_000);
        for (int i = 0; i < 1_000; i++)
            trainer.addSample(post(i, "a sample " + i).getBytes(UTF_8));
        byte[] dictionary = trainer.trainSamples();
        try (FakeJetstream server = new FakeJetstream(FakeJetstream.FIRST, Optional.of(dictionary));
                RunningSource ignored = run(
                        "",
                        SinkGroup.of(sink("bluesky", FeedRule.ALL)),
                        new JetstreamSource.Options(
                                List.of(server.address()),
                                Optional.of(dictionary),
                                QUIET,
                                Duration.ofHours(1),
                                100_000),
                        server)) {
            for (int i = 1; i <= 100; i++) server.add(post(i, "post " + i));
            awaitTweets(100);
            assertEachOnce(100);
            assertThat(server.requests().get(0)).contains("compress=true");
        }
    }

    @Test
    void theSecondVersionOfTheProtocolIsRead() throws Exception {
        try (FakeJetstream server = new FakeJetstream(FakeJetstream.SECOND, Optional.empty());
                RunningSource ignored = run("", server)) {
            server.add(secondVersion(1, "one"));
            server.add("{\"$type\":\"error\",\"error\":\"ConsumerTooSlow\",\"message\":\"read faster\"}");
            server.add(secondVersion(3, "two"));
            awaitTweets(2);
            assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("one", "two");
            assertThat(kafka.tweets().get(0).getId()).isEqualTo("at://did:plc:1/app.bsky.feed.post/r1");
            assertThat(server.requests())
                    .containsExactly(
                            FakeJetstream.SECOND + "?collections=app.bsky.feed.post&kinds=commit",
                            FakeJetstream.SECOND + "?collections=app.bsky.feed.post&kinds=commit&cursor=1");
            assertThat(monitor.states()).anyMatch(state -> state.contains("ConsumerTooSlow read faster"));
        }
    }

    /** A reader that is slower than the server must not fill the heap. */
    @Test
    void noMoreIsReceivedThanIsTaken() throws Exception {
        String large = post(1, "x".repeat(100_000));
        for (int i = 0; i < 2_000; i++) first.add(large);
        JetstreamRequest request = JetstreamRequest.of(
                first.address(),
                Optional.of(new JetstreamPosition(first.address().getAuthority(), START, List.of())),
                false);
        try (WebSocketFrames frames =
                WebSocketFrames.connect(HttpClient.newHttpClient(), request.uri(), Optional.empty(), 200_000)) {
            AtomicReference<Integer> before = new AtomicReference<>(-1);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(first.sent()) == first.sent() && first.sent() > 0);
            assertThat(first.sent()).isLessThan(1_000); // what the buffers of the two sockets hold, and the queue
            for (int i = 0; i < 2_000; i++)
                assertThat(frames.next(PATIENCE))
                        .hasValueSatisfying(frame -> assertThat(frame.bytes()).hasSize(large.length()));
        }
    }

    private void awaitTweets(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kafka.tweets()).hasSizeGreaterThanOrEqualTo(count));
    }

    private void assertEachOnce(int count) {
        assertThat(kafka.tweets())
                .extracting(Tweet::getText)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "post " + i)
                        .toList());
    }

    private static String post(int number, String text) {
        return "{\"did\":\"did:plc:" + number + "\",\"time_us\":" + (START + 1_000L * number)
                + ",\"kind\":\"commit\",\"commit\":{\"rev\":\"a\",\"operation\":\"create\","
                + "\"collection\":\"app.bsky.feed.post\",\"rkey\":\"r" + number + "\",\"record\":{\"createdAt\":\""
                + time(number).minusMillis(400) + "\",\"langs\":[\"en\"],\"text\":\"" + text + "\"},\"cid\":\"c"
                + number
                + "\"}}";
    }

    private static String secondVersion(long seq, String text) {
        return "{\"$type\":\"message\",\"payload\":"
                + "{\"$type\":\"network.bsky.jetstream.subscribeEvents#commit\",\"seq\":"
                + seq + ",\"did\":\"did:plc:1\",\"time\":\"2026-09-20T12:00:00Z\",\"rev\":\"a\","
                + "\"collection\":\"app.bsky.feed.post\",\"rkey\":\"r" + seq
                + "\",\"operation\":\"create\",\"cid\":\"c\","
                + "\"record\":{\"createdAt\":\"2026-09-20T11:59:59Z\",\"text\":\"" + text + "\"}}}";
    }

    private static Instant time(int number) {
        return Instant.ofEpochMilli(START / 1_000 + number);
    }

    private FeedSink sink(String feed, FeedRule rule) {
        return new FeedSink(
                new Feed(feed, LanguageFilter.of("en,und"), rule), kafka.publisher(), new RecordingListener());
    }

    private static JetstreamSource.Options options(FakeJetstream... servers) {
        return new JetstreamSource.Options(
                List.of(servers).stream().map(FakeJetstream::address).toList(),
                Optional.empty(),
                QUIET,
                Duration.ofHours(1),
                100_000);
    }

    private RunningSource run(String position, FakeJetstream... servers) {
        return run(position, SinkGroup.of(sink("bluesky", FeedRule.ALL)), options(servers), servers);
    }

    /** Returns when the source has connected, because it begins with what comes then. */
    private RunningSource run(
            String position, SinkGroup sinks, JetstreamSource.Options options, FakeJetstream... servers) {
        JetstreamSource source = new JetstreamSource("bluesky", options, LANGUAGES, Clock.systemUTC());
        RunningSource running = new RunningSource(source, position, sinks, kafka, monitor);
        await().atMost(PATIENCE)
                .until(() ->
                        Stream.of(servers).anyMatch(server -> !server.requests().isEmpty()));
        return running;
    }
}
