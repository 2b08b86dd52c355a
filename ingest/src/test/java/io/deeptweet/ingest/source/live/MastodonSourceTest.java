// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.live.MastodonSource.Instance;
import io.deeptweet.ingest.source.live.MastodonSource.Options;
import io.deeptweet.ingest.source.live.MastodonSource.Timeline;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.service.retry.Backoff;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MastodonSourceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(1_500);
    private static final Instant START = Instant.now().minusSeconds(600);

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();
    private final RecordingMonitor monitor = new RecordingMonitor();
    private FakeMastodon first;
    private FakeMastodon second;

    @BeforeEach
    void start() throws IOException {
        first = new FakeMastodon();
        second = new FakeMastodon();
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void aStatusBecomesATweet() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "<p>Tea is <b>lovely</b></p>"));
            awaitTweets(1);
            assertThat(first.requests()).containsExactly("/api/v1/streaming/public");
            assertThat(first.tokens()).containsExactly("Bearer secret-of-the-first");
            Tweet tweet = kafka.tweets().get(0);
            assertThat(tweet.getId()).isEqualTo("https://tea.example/statuses/1");
            assertThat(tweet.getText()).isEqualTo("Tea is lovely");
            assertThat(tweet.getFeed()).isEqualTo("fedi");
            assertThat(tweet.getAuthor()).contains("ada@tea.example");
            assertThat(tweet.getLanguage()).contains("en");
            assertThat(tweet.getCreatedAt()).isEqualTo(time(1));
            assertThat(monitor.states()).containsExactly("running");
        }
    }

    @Test
    void otherEventsAreCountedAndStatusesWithoutTextLeftOut() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "<p></p>"));
            first.event("status.update", status(1, "edited"));
            first.event("delete", "" + id(1));
            first.event("filters_changed", "x");
            first.send(":thump\n\n");
            first.post(id(2), status(2, "last"));
            awaitTweets(1);
            assertThat(monitor.events())
                    .containsEntry("without_text", 1)
                    .containsEntry("post", 2)
                    .containsEntry("update", 1)
                    .containsEntry("delete", 1)
                    .containsEntry("other", 1)
                    .hasSize(5);
        }
    }

    @Test
    void theDeletionOfARecentStatusIsWritten() throws Exception {
        try (RunningSource ignored = run("", first, second)) {
            first.post(id(1), status(1, "to be deleted"));
            awaitTweets(1);
            second.event("delete", "" + id(1)); // of another instance, where it is another status
            first.event("delete", "unknown");
            first.event("delete", "" + id(1));
            first.event("delete", "" + id(1));
            first.post(id(2), status(2, "last"));
            awaitTweets(2);
            assertThat(kafka.deletions()).containsExactly(kafka.tweets().get(0).getId());
        }
    }

    /** However long what an instance sends is, memory is bounded. */
    @Test
    void theDeletionOfAStatusWithTooLongAnIdIsOnlyCounted() throws Exception {
        String longId = "1".repeat(1_000);
        try (RunningSource ignored = run("", first)) {
            first.event("update", status(1, "a").replace("\"" + id(1) + "\"", "\"" + longId + "\""));
            awaitTweets(1);
            first.event("delete", longId);
            first.post(id(2), status(2, "last"));
            awaitTweets(2);
            assertThat(monitor.events()).containsEntry("delete", 1);
            assertThat(kafka.deletions()).isEmpty();
        }
    }

    @Test
    void aBrokenStreamContinuesWithoutLossOrRepetition() throws Exception {
        first.pages(3, true, "");
        try (RunningSource ignored = run("", first)) {
            for (int i = 1; i <= 5; i++) first.post(id(i), status(i, "post " + i));
            awaitTweets(5);
            for (int i = 6; i <= 15; i++) first.keep(id(i), status(i, "post " + i));
            reconnect();
            for (int i = 14; i <= 20; i++) first.post(id(i), status(i, "post " + i)); // two are in both
            awaitTweets(20);
            assertEachOnce(20);
            assertThat(monitor.events()).doesNotContainKey("gap");
        }
    }

    @Test
    void pagesAreReadWithoutLinksToo() throws Exception {
        first.pages(2, false, "");
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            for (int i = 2; i <= 9; i++) first.keep(id(i), status(i, "post " + i));
            reconnect();
            awaitTweets(9);
            assertEachOnce(9);
        }
    }

    @Test
    void anotherProcessContinuesAtTheCommittedPosition() throws Exception {
        try (RunningSource ignored = run("", first)) {
            for (int i = 1; i <= 10; i++) first.post(id(i), status(i, "post " + i));
            awaitTweets(10);
            await().atMost(PATIENCE).until(() -> kafka.position().contains("=" + id(10)));
        }
        assertThat(kafka.position()).doesNotContain("secret");
        for (int i = 11; i <= 20; i++) first.keep(id(i), status(i, "post " + i));
        try (RunningSource ignored = run(kafka.position(), first)) {
            awaitTweets(20);
            assertEachOnce(20);
        }
    }

    /** Ids tell when a status was written, not when it came. */
    @Test
    void aStatusThatCameLateIsNotLost() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            first.post(id(100), status(100, "post 2"));
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> kafka.position().contains("=" + id(100)));
        }
        first.keep(id(50), status(50, "post 3"));
        try (RunningSource ignored = run(kafka.position(), first)) {
            awaitTweets(3);
            assertEachOnce(3);
        }
    }

    @Test
    void aQuietStreamIsReplacedAndHeartbeatsKeepIt() throws Exception {
        try (RunningSource ignored = run("", first)) {
            AtomicInteger heartbeats = new AtomicInteger(); // for longer than the stream may be quiet
            await().atMost(PATIENCE).pollInterval(QUIET.dividedBy(3)).until(() -> {
                first.send(":thump\n");
                return heartbeats.incrementAndGet() > 6;
            });
            assertThat(monitor.interruptions()).isEmpty();
            await().atMost(PATIENCE).until(() -> first.requests().size() > 1);
            assertThat(monitor.interruptions().get(0).kind()).isEqualTo(Interruption.Kind.QUIET);
            await().atMost(PATIENCE).until(() -> {
                first.send(":thump\n");
                return monitor.states().lastIndexOf("running") > 0;
            });
        }
    }

    @Test
    void theInstancesLimitOfRequestsIsObeyed() throws Exception {
        first.pages(2, true, "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: NOW+1\r\n");
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            for (int i = 2; i <= 4; i++) first.keep(id(i), status(i, "post " + i));
            first.answerPage(FakeMastodon.answer(429, "", "{\"error\": \"Too many requests\"}"));
            reconnect();
            awaitTweets(4);
            assertEachOnce(4);
            assertThat(monitor.interruptions())
                    .filteredOn(one -> one.kind() == Interruption.Kind.RATE_LIMITED)
                    .hasSizeGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void aClosedTimelineIsAGapAndTheStreamGoesOn() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            first.keep(id(2), status(2, "lost"));
            for (int i = 0; i < 3; i++)
                first.answerPage(FakeMastodon.answer(401, "", "{\"error\": \"This method requires a token\"}"));
            reconnect();
            first.post(id(3), status(3, "post 2"));
            awaitTweets(2);
            assertEachOnce(2);
            assertThat(monitor.events()).containsEntry("gap", 1);
        }
    }

    @Test
    void moreThanTheMostPagesAreAGap() throws Exception {
        first.pages(1, true, "");
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            for (int i = 2; i <= MastodonConnection.MOST_PAGES + 20; i++) first.keep(id(i), status(i, "post " + i));
            reconnect();
            await().atMost(PATIENCE).until(() -> monitor.events().containsKey("gap"));
            assertThat(first.pages()).isEqualTo(MastodonConnection.MOST_PAGES);
        }
    }

    /** Nothing of it is a page, or ends. */
    @Test
    void hostilePagesAreAGap() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            first.answerPage(FakeMastodon.answer(200, "", "x".repeat(5 << 20)));
            first.answerPage(FakeMastodon.answer(200, "", "<html>no</html>"));
            first.answerPage(FakeMastodon.answer(200, "", "[".repeat(100_000)));
            reconnect();
            first.post(id(3), status(3, "post 2"));
            awaitTweets(2);
            assertThat(monitor.events()).containsEntry("gap", 1);
        }
    }

    @Test
    void statusesOfAPageThatHaveNoIdsAreRejectedOrReadAndEndIt() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            String odd = status(3, "post 2").replace("\"id\": \"" + id(3), "\"id\": \"9{ }%&" + id(3));
            first.answerPage(FakeMastodon.answer(200, "Link: <http://[>; rel=prev\r\n", "[7, null, {}, " + odd + "]"));
            reconnect();
            first.post(id(4), status(4, "post 3"));
            awaitTweets(3);
            assertEachOnce(3);
            assertThat(first.pages()).isEqualTo(1);
            assertThat(kafka.rejected()).hasSize(3);
        }
    }

    @Test
    void aLinkToAnotherServerIsNotFollowed() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            String link = "Link: <" + second.address() + "/api/v1/timelines/public?min_id=1>; rel=\"prev\"\r\n";
            first.answerPage(FakeMastodon.answer(200, link, "[" + status(2, "post 2") + "]"));
            first.answerStream("HTTP/1.1 302 Found\r\nLocation: " + second.address() + "\r\nContent-Length: 0\r\n\r\n");
            reconnect();
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> first.pages() >= 2);
            assertThat(second.requests()).isEmpty();
            assertThat(monitor.states()).anyMatch(state -> state.contains("status 302"));
        }
    }

    @Test
    void aServerThatIgnoresTheIdIsNotAskedForEver() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            for (int i = 0; i < 50; i++)
                first.answerPage(FakeMastodon.answer(200, "", "[" + status(1, "post 1") + "]"));
            reconnect();
            first.post(id(2), status(2, "post 2"));
            awaitTweets(2);
            assertThat(first.pages()).isLessThan(5);
        }
    }

    @Test
    void anInstanceThatRefusesDoesNotStopTheOthers() throws Exception {
        for (int i = 0; i < 1_000; i++)
            second.answerStream(FakeMastodon.answer(401, "", "{\"error\": \"Missing access token\"}"));
        try (RunningSource ignored = run("", first, second)) {
            await().atMost(PATIENCE).until(() -> first.open() == 1);
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            await().atMost(PATIENCE).until(() -> second.requests().size() > 3);
            String last = monitor.states().get(monitor.states().size() - 1);
            assertThat(last).startsWith(second.authority() + "/public: ").contains("401", "Missing access token");
        }
        assertThat(monitor.states()).noneMatch(state -> state.contains("secret"));
    }

    @Test
    void aStatusOfTwoInstancesAndSeveralHashtagsComesOnce() throws Exception {
        Options options = new Options(
                instances(first, second), Optional.of(Timeline.LOCAL), List.of("tea", "été"), QUIET, 100_000);
        try (RunningSource ignored = run("", options, 3, first, second)) {
            assertThat(first.requests())
                    .containsExactlyInAnyOrder(
                            "/api/v1/streaming/public/local",
                            "/api/v1/streaming/hashtag?tag=tea",
                            "/api/v1/streaming/hashtag?tag=%C3%A9t%C3%A9");
            assertThat(second.tokens()).isEmpty();
            first.post(id(1), status(1, "post 1"));
            second.post(id(7), status(1, "post 1").replace("\"id\": \"" + id(1), "\"id\": \"" + id(7)));
            awaitTweets(1);
            await().atMost(PATIENCE).until(() -> monitor.events().getOrDefault("repeated", 0) == 5);
            second.post(id(8), status(2, "post 2"));
            awaitTweets(2);
            assertEachOnce(2);
            assertThat(kafka.position()).contains(first.authority() + "/hashtag?tag=tea=" + id(1));
        }
    }

    @Test
    void invalidStatusesAreRejectedAndTheStreamGoesOn() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.event("update", "{nonsense");
            first.event("update", "[]");
            first.event("update", "{\"a\": 1}");
            first.event("update", "{\"id\": \"1\", \"account\": {}, \"content\": 7}");
            first.event("update", "{\"a\":".repeat(50_000));
            first.event("update", "x".repeat(150_000));
            first.event("update", status(1, "from the future").replace(time(1).toString(), "2999-01-01T00:00:00Z"));
            first.post(id(2), status(2, "post 1"));
            awaitTweets(1);
            assertEachOnce(1);
            assertThat(kafka.rejected()).hasSize(7);
        }
    }

    @Test
    void garbageForLongDoesNotStopTheStream() throws Exception {
        try (RunningSource ignored = run("", first)) {
            for (int i = 0; i < 20_000; i++) first.send("<td>" + i + "</td>\n\u0000\uFFFF: \n");
            for (int i = 0; i < 2_000; i++) first.event("update", "{\"" + i + "\": ");
            first.send("y".repeat(3_000_000) + "\n\n");
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            assertThat(kafka.rejected()).hasSize(2_000);
            assertThat(monitor.interruptions()).isEmpty();
        }
    }

    /** An id in the future would be where every later stream starts. */
    @Test
    void anIdInTheFutureIsNoPosition() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.post(id(1), status(1, "post 1"));
            first.event(
                    "update", status(1 << 26, "post 2").replace(time(1 << 26).toString(), time(2).toString()));
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> kafka.position().matches(".*=" + id(1) + " seen=\\w+,\\w+"));
        }
    }

    @Test
    void anAnswerThatIsNoStreamIsRefused() throws Exception {
        first.answerStream("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>" + "x".repeat(100_000));
        first.answerStream("HTTP/1.1 200 OK\r\n\r\n");
        first.answerStream("");
        try (RunningSource ignored = run("", first)) {
            await().atMost(PATIENCE).until(() -> first.open() == 1);
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            assertThat(monitor.interruptions())
                    .extracting(Interruption::kind)
                    .startsWith(Interruption.Kind.REFUSED, Interruption.Kind.REFUSED);
        }
    }

    @Test
    void aServerThatAsksToWaitIsNotAskedBefore() throws Exception {
        try (RunningSource ignored = run("", first)) {
            first.send("retry: 2000\n\n");
            first.post(id(1), status(1, "post 1"));
            awaitTweets(1);
            long before = System.nanoTime();
            first.breakStreams();
            await().atMost(PATIENCE).until(() -> first.open() == 1);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThan(Duration.ofMillis(1_800));
        }
    }

    @Test
    void itStopsAtOnceWhileStreamsAreReadOrCannotBe() throws Exception {
        FakeMastodon gone = new FakeMastodon();
        gone.close();
        RunningSource running = run("", options(first, gone, second), 1, first, second);
        await().atMost(PATIENCE).until(() -> !monitor.interruptions().isEmpty());
        long before = System.nanoTime();
        running.close();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
    }

    /** It must not end the stream alone, which nobody would notice. */
    @Test
    void anErrorOfAStreamEndsTheSource() throws Exception {
        monitor.failAt("delete", new StackOverflowError("of a test"));
        RunningSource running = run("", first);
        first.event("delete", "1");
        await().atMost(PATIENCE).until(() -> !running.isRunning());
        assertThat(running.failures()).singleElement().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void eventsAreReadAsTheStandardSays() throws Exception {
        first.answerStream("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n\uFEFFevent: a\r\n"
                + "data:one\r\ndata: two\r\ndata\r\nid: 7\r\nunknown: x\r\n\r\ndata:  b\rretry: 500\r\r:comment\n\n"
                + "event: no data\n\ndata\n\ndata: " + "x".repeat(200) + "\n\nevent: cut off by the end");
        try (HttpLines lines = connect()) {
            ServerSentEvents events = new ServerSentEvents(lines, 100);
            assertThat(Stream.of("a one\ntwo\n", "message  b", "message ", "message " + "x".repeat(94))
                            .toList())
                    .allSatisfy(expected -> {
                        Optional<ServerSentEvents.Event> event = Optional.empty();
                        while (event.isEmpty()) event = events.next();
                        assertThat(event.get().name() + " "
                                        + new String(event.get().data()))
                                .isEqualTo(expected);
                        assertThat(event.get().tooLarge()).isEqualTo(expected.endsWith("xx"));
                    });
            assertThat(events.retry()).contains(Duration.ofMillis(500));
            assertThatThrownBy(() -> {
                        while (events.next().isEmpty()) {
                            // the last lines
                        }
                    })
                    .isInstanceOf(LiveException.class);
        }
    }

    /** A reader that is slower than the server must not fill the heap. */
    @Test
    void noMoreIsReceivedThanIsTaken() throws Exception {
        try (HttpLines lines = connect()) {
            await().atMost(PATIENCE).until(() -> first.open() == 1);
            String line = "x".repeat(99_999) + "\n";
            Thread sender = new Thread(() -> IntStream.range(0, 500).forEach(i -> first.send(line)));
            sender.setDaemon(true);
            sender.start();
            AtomicInteger before = new AtomicInteger(-1);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> before.getAndSet(first.sent()) == first.sent() && first.sent() > 0);
            assertThat(first.sent()).isLessThan(20_000_000); // what the buffers of the two sockets hold
            for (int i = 0; i < 501; i++) lines.next(); // and the greeting
        }
    }

    private HttpLines connect() throws Exception {
        return HttpLines.connect(
                HttpClient.newHttpClient(), options(first).streams().get(0).follow(), PATIENCE, 100);
    }

    private void reconnect() throws IOException {
        int before = first.requests().size();
        first.breakStreams();
        await().atMost(PATIENCE).until(() -> first.requests().size() > before && first.open() == 1);
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

    private static Instant time(int number) {
        return Instant.ofEpochMilli(START.toEpochMilli() + number * 100L);
    }

    private static long id(int number) {
        return time(number).toEpochMilli() << 16;
    }

    private static String status(int number, String content) {
        return "{\"id\": \"" + id(number) + "\", \"created_at\": \"" + time(number) + "\", \"spoiler_text\": \"\","
                + "\"language\": \"en\", \"uri\": \"https://tea.example/statuses/" + number + "\","
                + "\"content\": \"" + content + "\", \"reblog\": null, \"account\": {\"acct\": \"ada@tea.example\"}}";
    }

    private static List<Instance> instances(FakeMastodon... servers) {
        return IntStream.range(0, servers.length)
                .mapToObj(i -> new Instance(
                        servers[i].address(), i == 0 ? Optional.of("secret-of-the-first") : Optional.empty()))
                .toList();
    }

    private static Options options(FakeMastodon... servers) {
        return new Options(instances(servers), Optional.of(Timeline.PUBLIC), List.of(), QUIET, 100_000);
    }

    private RunningSource run(String position, FakeMastodon... servers) {
        return run(position, options(servers), 1, servers);
    }

    /** Returns when the instances were asked for so many streams each, because those begin with what comes then. */
    private RunningSource run(String position, Options options, int streams, FakeMastodon... servers) {
        FeedSink sink = new FeedSink(
                new Feed("fedi", LanguageFilter.of("en,und"), FeedRule.ALL),
                kafka.publisher(),
                new RecordingListener());
        MastodonSource source = new MastodonSource(
                "fedi",
                options,
                LanguageDetector.NONE,
                Clock.systemUTC(),
                () -> new Backoff(Duration.ofMillis(50), Duration.ofMillis(400)));
        assertThat(source.describe() + options).doesNotContain("secret");
        int before = first.requests().size();
        RunningSource running = new RunningSource(source, position, SinkGroup.of(sink), kafka, monitor);
        await().atMost(PATIENCE)
                .until(() -> Stream.of(servers)
                        .allMatch(server -> server.requests().size() >= streams
                                && (server != first || server.requests().size() > before)));
        return running;
    }
}
