// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static io.deeptweet.ingest.source.live.FakeApi.Reply.json;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonPointer;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.feed.SinkGroup;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.shape.JsonFields;
import io.deeptweet.ingest.shape.JsonItems;
import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.live.FakeApi.Reply;
import io.deeptweet.ingest.source.live.FakeApi.Request;
import io.deeptweet.ingest.source.live.PollingOptions.Paging;
import io.deeptweet.ingest.source.live.PollingOptions.PagingKind;
import io.deeptweet.ingest.source.live.PollingOptions.Token;
import io.deeptweet.ingest.tweet.LabelValues;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.service.retry.Backoff;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PollingSourceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final int LARGEST = 100_000;
    private static final int PAGE = 10;

    private final KafkaMock kafka = KafkaMock.thatAcknowledges();
    private final RecordingMonitor monitor = new RecordingMonitor();
    /** The numbers of the API's posts, the oldest first. */
    private final List<Integer> posts = new CopyOnWriteArrayList<>();

    private FakeApi api;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi(this::answer);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** The API of the paper: {@code GET /tweets?query=…&lang=en&limit=100}, with labels. */
    @Test
    void aFurtherPageThatClaimsToBeUnchangedIsEmpty() throws Exception {
        api.plan(json("[{\"id\": 2, \"text\": \"post 2\"}, {\"id\": 1, \"text\": \"post 1\"}]"));
        api.plan(Reply.status(304, Map.of()));
        Paging pages = new Paging(PagingKind.PAGE, Optional.of("page"), Optional.empty(), 1, 5);
        try (RunningSource ignored = run("", options(api.address("/tweets"), pages, Optional.empty()))) {
            awaitTweets(2);
        }
        assertEachOnce(2);
    }

    @Test
    void tweetsAndTheirLabelsAreTakenFromAnAnswer() throws Exception {
        api.plan(json("""
                {"tweets": [
                  {"id": 3, "text": "awful", "label": 0, "lang": "en", "created_at": "2024-08-15T22:24:09Z"},
                  {"id": 2, "text": "so so", "label": "neutral", "lang": "en", "created_at": "2024-08-15T22:24:08Z"},
                  {"id": 1, "text": "great", "label": "Positive", "lang": "en", "created_at": "2024-08-15T22:24:07Z"},
                  {"id": 0, "text": "toll", "label": "positive", "lang": "de", "created_at": "2024-08-15T22:24:06Z"}
                ]}"""));
        URI address = PollingOptions.with(
                api.address("/tweets?lang=en&limit=20"), Map.of("query", "apple OR \"pie&\"", "limit", "100"));
        Token token = new Token("Authorization", "Bearer s3cret");
        try (RunningSource ignored = run("", options(address, Paging.NONE, Optional.of(token)))) {
            awaitTweets(3);
            Request request = api.requests().get(0);
            assertThat(request.query()).isEqualTo("lang=en&limit=100&query=apple%20OR%20%22pie%26%22");
            assertThat(request.headers()).containsEntry("authorization", "Bearer s3cret");
        }
        assertThat(texts()).containsExactly("great", "so so", "awful");
        assertThat(kafka.labels())
                .extracting(
                        LabeledTweet::getId,
                        LabeledTweet::getText,
                        LabeledTweet::getLabel,
                        LabeledTweet::getLabeler,
                        LabeledTweet::getLabeledBy)
                .containsExactly(
                        tuple("1", "great", Sentiment.POSITIVE, Labeler.SOURCE, "source"),
                        tuple("3", "awful", Sentiment.NEGATIVE, Labeler.SOURCE, "source"));
        assertThat(monitor.events())
                .containsEntry("post", 4)
                .containsEntry("labeled", 3)
                .containsEntry("other_label", 1);
    }

    @Test
    void aTweetOfSeveralFeedsIsLabelledOnce() throws Exception {
        api.plan(json(
                "[{\"id\": 1, \"text\": \"an apple\", \"label\": 1}, {\"id\": 2, \"text\": \"x\", \"label\": 1}]"));
        SinkGroup sinks = new SinkGroup(
                "api",
                List.of(
                        sink("pears", FeedRule.of("pear")),
                        sink("apples", FeedRule.of("apple")),
                        sink("fruit", FeedRule.of("apple OR pear"))));
        try (RunningSource ignored = run("", sinks, options(Paging.NONE))) {
            awaitTweets(2);
        }
        assertThat(kafka.tweets()).extracting(Tweet::getFeed).containsExactly("apples", "fruit");
        assertThat(kafka.labels())
                .singleElement()
                .satisfies(label -> assertThat(label.getFeed()).contains("apples"));
    }

    @ParameterizedTest
    @EnumSource(PagingKind.class)
    void nothingIsLostOrRepeatedOverPollsAndRestarts(PagingKind kind) throws Exception {
        post(1, 5);
        try (RunningSource ignored = run("", options(paging(kind)))) {
            awaitTweets(5);
            int more = kind == PagingKind.NONE ? 8 : 38; // pages hold ten
            post(6, more);
            awaitTweets(more);
            awaitPolls(2);
        }
        int before = posts.size();
        String position = kafka.position();
        post(before + 1, before + 7);
        try (RunningSource ignored = run(position, options(paging(kind)))) {
            awaitTweets(before + 7);
            awaitPolls(3);
        }
        assertEachOnce(before + 7);
        assertThat(monitor.events()).doesNotContainKey("gap");
        assertThat(new PollingSource("api", options(paging(kind)), LanguageDetector.NONE, Clock.systemUTC())
                        .describe(position))
                .startsWith("the posts polled until 20");
    }

    @Test
    void pagesAreFollowedByTheirAddressesOnTheSameServerOnly() throws Exception {
        api.plan(json(page(3)).with("Link", "<" + api.address("/older?page=2") + ">; rel=\"next\""));
        api.plan(json(page(2)).with("Link", "</oldest>; title=\"x\"; rel=next"));
        api.plan(json(page(1)).with("Link", "<http://example.org/more>; rel=\"next\""));
        Paging links = new Paging(PagingKind.PAGE, Optional.empty(), Optional.empty(), 1, 10);
        try (RunningSource ignored = run("", options(links))) {
            awaitTweets(3);
        }
        assertEachOnce(3);
        assertThat(api.requests().subList(0, 3))
                .extracting(Request::path)
                .containsExactly("/posts", "/older", "/oldest");
    }

    /** A process that is killed between the pages must not take the older ones for known. */
    @Test
    void olderPagesAreWrittenTogetherWithTheNewestEvenIfAPageFails() throws Exception {
        post(1, 25);
        api.plan(json(answerOf(25, 24, 23, 22, 21, 20, 19, 18, 17, 16)));
        api.plan(Reply.status(500, Map.of()));
        api.plan(Reply.status(500, Map.of()));
        try (RunningSource ignored = run("", options(paging(PagingKind.PAGE)))) {
            awaitTweets(25);
        }
        assertEachOnce(25);
    }

    /** Some servers answer so where others give an empty page. */
    @Test
    void aPageAfterTheLastThatIsNotFoundIsTheEnd() throws Exception {
        post(1, 10);
        api.plan(json(answerOf(10, 9, 8, 7, 6, 5, 4, 3, 2, 1)));
        api.plan(Reply.status(404, Map.of()));
        try (RunningSource ignored = run("", options(paging(PagingKind.PAGE)))) {
            awaitTweets(10);
            await().atMost(PATIENCE).until(() -> api.requests().size() > 3);
        }
        assertEachOnce(10);
        assertThat(api.requests().get(2).parameters()).containsEntry("page", "1");
        assertThat(monitor.interruptions()).isEmpty();
        assertThat(monitor.events()).doesNotContainKey("gap");
    }

    @Test
    void aForgottenCursorStartsAgainAndIsAGap() throws Exception {
        post(1, 15);
        try (RunningSource ignored = run("", options(paging(PagingKind.CURSOR)))) {
            awaitTweets(15);
            for (int i = 0; i < 3; i++) api.plan(Reply.status(410, Map.of()));
            await().atMost(PATIENCE).until(() -> !api.hasPlans());
            post(16, 17);
            awaitTweets(17);
        }
        assertEachOnce(17);
        assertThat(monitor.events()).containsEntry("gap", 1);
    }

    @Test
    void postsThatCameAndWentBetweenTwoPollsAreAGap() throws Exception {
        post(1, 5);
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            awaitTweets(5);
            posts.addAll(IntStream.rangeClosed(6, 40).boxed().toList()); // at once
            awaitTweets(15);
        }
        assertThat(monitor.events()).containsEntry("gap", 1);
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws Exception {
        api.plan(json(page(1)).with("ETag", "\"v1\"").with("Last-Modified", "Sat, 28 Nov 2026 18:00:00 GMT"));
        api.plan(Reply.status(304, Map.of()));
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            await().atMost(PATIENCE).until(() -> monitor.events().containsKey("not_modified"));
            assertThat(api.requests().get(1).headers())
                    .containsEntry("if-none-match", "\"v1\"")
                    .containsEntry("if-modified-since", "Sat, 28 Nov 2026 18:00:00 GMT");
        }
        int before = api.requests().size();
        try (RunningSource ignored = run(kafka.position(), options(Paging.NONE))) {
            awaitPolls(1);
        }
        assertThat(api.requests().get(before).headers()).containsEntry("if-none-match", "\"v1\"");
        assertEachOnce(1);
    }

    @Test
    void limitsOfTheRateAreObeyed() throws Exception {
        api.plan(json(page(1)).with("X-RateLimit-Remaining", "0").with("X-RateLimit-Reset", "1"));
        api.plan(Reply.status(429, Map.of("Retry-After", "1")));
        api.plan(json(page(2)));
        long start = System.nanoTime();
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            awaitTweets(2);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_900));
        assertThat(monitor.interruptions())
                .extracting(Interruption::kind)
                .containsExactly(Interruption.Kind.RATE_LIMITED, Interruption.Kind.RATE_LIMITED);
        assertThat(monitor.states().get(1)).contains("accepts no more requests for now");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500, 503})
    void aRefusalIsToldAndTriedAgain(int status) throws Exception {
        for (int i = 0; i < 4; i++) api.plan(new Reply(status, Map.of(), "no\u001b[2J".getBytes(UTF_8)));
        post(1, 2);
        Token token = new Token("X-API-Key", "s3cret");
        try (RunningSource ignored = run("", options(api.address("/posts"), Paging.NONE, Optional.of(token)))) {
            awaitTweets(2);
        }
        assertThat(monitor.interruptions()).hasSize(4).allSatisfy(interruption -> {
            assertThat(interruption.kind()).isEqualTo(Interruption.Kind.REFUSED);
            assertThat(interruption.detail())
                    .contains("refuses the request with status " + status)
                    .doesNotContain("s3cret", "\u001b");
        });
        assertThat(api.requests().get(0).headers())
                .containsEntry("x-api-key", "s3cret")
                .doesNotContainKey("authorization");
    }

    @Test
    void theTokenDoesNotFollowARedirectToAnotherServer() throws Exception {
        try (FakeApi other = new FakeApi(request -> json("[]"))) {
            api.plan(Reply.status(
                    302, Map.of("Location", other.address("/x?key=s3cret").toString())));
            api.plan(Reply.status(307, Map.of("Location", "/moved?a=b")));
            post(1, 1);
            Token token = new Token("Authorization", "Bearer s3cret");
            try (RunningSource ignored = run("", options(api.address("/posts"), Paging.NONE, Optional.of(token)))) {
                awaitTweets(1);
            }
            assertThat(other.requests()).isEmpty();
            assertThat(monitor.states().get(0))
                    .contains("redirects to another server")
                    .doesNotContain("s3cret");
            assertThat(api.requests().get(2).path()).isEqualTo("/moved");
        }
    }

    /** Each of them is refused, and the source goes on. */
    @Test
    void answersThatAreNoJsonAreRejectedOnce() throws Exception {
        for (int i = 0; i < 20; i++) api.plan(json("<html>maintenance"));
        api.plan(json("{\"tweets\": [{\"id\": 1, \"te"));
        api.plan(json("[".repeat(50_000)));
        api.plan(json("[" + "0,".repeat(49_000) + "0").with("Content-Type", "application/json; charset=nonsense"));
        api.plan(new Reply(200, Map.of(), new byte[] {'"', (byte) 0xff, '"'}));
        api.plan(new Reply(200, Map.of(), new byte[LARGEST + 1]));
        api.plan(new Reply(200, Map.of("Content-Encoding", "gzip"), gzip(" ".repeat(50_000_000))));
        api.plan(new Reply(200, Map.of("Content-Encoding", "gzip"), "[]".getBytes(UTF_8)));
        api.plan(new Reply(200, Map.of("Content-Encoding", "br"), "[]".getBytes(UTF_8)));
        api.plan(new Reply(200, Map.of(), new byte[0]));
        api.plan(Reply.status(204, Map.of()));
        api.plan(json("null"));
        api.plan(json("[7, {}, null, {\"id\": [], \"text\": \"x\"}]"));
        post(1, 2);
        try (RunningSource running = run("", options(Paging.NONE))) {
            awaitTweets(2);
            assertThat(running.isRunning()).isTrue();
        }
        assertEachOnce(2);
        // html, cut, nested, endless, not UTF-8; null; 7, {}, and the id that is a list (null has come before)
        assertThat(kafka.rejected()).hasSize(9);
        assertThat(monitor.interruptions()).hasSize(28);
    }

    @Test
    void otherCharsetsAndCompressedAnswersAreRead() throws Exception {
        api.plan(new Reply(200, Map.of("Content-Type", "application/json; charset=UTF-16"), page(1).getBytes(UTF_16)));
        api.plan(new Reply(200, Map.of("Content-Encoding", "gzip"), gzip("\uFEFF" + page(2))));
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            awaitTweets(2);
        }
        assertEachOnce(2);
        assertThat(monitor.interruptions()).isEmpty();
    }

    @Test
    void aServerThatStallsIsAskedAgain() throws Exception {
        api.plan(Reply.status(FakeApi.STALL, Map.of()));
        post(1, 1);
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            awaitTweets(1);
        }
        assertThat(monitor.interruptions())
                .singleElement()
                .satisfies(one -> assertThat(one.kind()).isEqualTo(Interruption.Kind.DISCONNECTED));
    }

    @Test
    void anInterruptEndsARequestThatWaits() throws Exception {
        api.plan(Reply.status(FakeApi.STALL, Map.of()));
        PollingOptions patient = new PollingOptions(
                api.address("/posts"),
                Duration.ofHours(1),
                items(),
                LabelValues.USUAL,
                Paging.NONE,
                Optional.empty(),
                Duration.ofHours(1),
                LARGEST);
        RunningSource running = run("", patient);
        await().atMost(PATIENCE).until(() -> !api.requests().isEmpty());
        long start = System.nanoTime();
        running.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void postsWithoutAnIdAreKnownByTheirContent() throws Exception {
        String list =
                "{\"posts\": [{\"text\": \"a\", \"user\": {\"name\": \"x\"}}, {\"text\": \"a\"}, {\"text\": \" \"}]}";
        api.plan(json(list));
        api.plan(json(list));
        try (RunningSource ignored = run("", options(Paging.NONE))) {
            awaitTweets(2);
            await().atMost(PATIENCE).until(() -> monitor.events().getOrDefault("repeated", 0) >= 3);
        }
        assertThat(kafka.tweets())
                .hasSize(2)
                .allSatisfy(tweet -> assertThat(tweet.getId()).matches("hash-[0-9a-f]{16}"));
        assertThat(monitor.events()).containsEntry("without_text", 1);
    }

    @Test
    void thePositionStaysSmall() {
        PollingPosition.Seen seen = new PollingPosition.Seen("");
        for (int i = 0; i < 20_000; i++)
            assertThat(seen.add(PollingPosition.key("id" + i))).isTrue();
        String long_ = "\uFFFD".repeat(PollingPosition.LONGEST_TEXT / 3);
        PollingPosition position = PollingPosition.none("list")
                .withCursor(PollingPosition.kept(long_).orElseThrow())
                .withNewest(long_)
                .withVersion("\"" + "x".repeat(300) + "\"", "Sat, 28 Nov 2026 18:00:00 GMT")
                .after(Instant.now(), seen);
        assertThat(position.toString().length()).isLessThan(60_000);
        assertThat(PollingPosition.parse(position.toString())).isEqualTo(position);
        assertThat(new PollingPosition.Seen(position.seen()).add(PollingPosition.key("id19999")))
                .isFalse();
        assertThat(PollingPosition.kept(long_ + long_)).isEmpty();
    }

    private static JsonItems items() {
        return new JsonItems(Optional.empty(), new JsonFields(Map.of()));
    }

    private PollingOptions options(Paging paging) {
        String path = paging.kind() == PagingKind.CURSOR ? "/forward" : "/posts";
        return options(api.address(path), paging, Optional.empty());
    }

    private static PollingOptions options(URI address, Paging paging, Optional<Token> token) {
        return new PollingOptions(
                address, Duration.ofMillis(20), items(), LabelValues.USUAL, paging, token, TIMEOUT, LARGEST);
    }

    private static Paging paging(PagingKind kind) {
        return switch (kind) {
            case NONE -> Paging.NONE;
            case CURSOR -> new Paging(kind, Optional.of("after"), Optional.of(JsonPointer.compile("/meta/next")), 1, 3);
            case PAGE -> new Paging(kind, Optional.of("page"), Optional.empty(), 1, 10);
            case SINCE_ID -> new Paging(kind, Optional.of("since"), Optional.empty(), 1, 10);
        };
    }

    private void post(int from, int to) {
        for (int i = from; i <= to; i++) posts.add(i);
    }

    /** Ten posts: forward, or after an id, the oldest first; on a page, or without a parameter, the newest first. */
    private Reply answer(Request request) {
        List<Integer> all = new ArrayList<>(posts);
        Optional<String> after = Optional.ofNullable(request.parameters().get("after"))
                .or(() -> Optional.ofNullable(request.parameters().get("since")));
        boolean forward =
                request.path().equals("/forward") || request.parameters().containsKey("since");
        if (forward) {
            int start = Integer.parseInt(after.orElse("0"));
            List<Integer> page = all.subList(Math.min(start, all.size()), Math.min(start + PAGE, all.size()));
            return json(answerOf(page.stream().mapToInt(i -> i).toArray()));
        }
        int number = Integer.parseInt(request.parameters().getOrDefault("page", "1"));
        int end = Math.max(0, all.size() - PAGE * (number - 1));
        List<Integer> page = new ArrayList<>(all.subList(Math.max(0, end - PAGE), end));
        Collections.reverse(page);
        return json(answerOf(page.stream().mapToInt(i -> i).toArray()));
    }

    private static String page(int number) {
        return answerOf(number);
    }

    private static String answerOf(int... numbers) {
        String list = IntStream.of(numbers)
                .mapToObj(i -> "{\"id\": " + i + ", \"text\": \"post " + i + "\", \"created_at\": \""
                        + Instant.ofEpochSecond(1_700_000_000L + i) + "\"}")
                .collect(Collectors.joining(", "));
        int last = IntStream.of(numbers).max().orElse(0);
        return "{\"items\": [" + list + "], \"meta\": {" + (last == 0 ? "" : "\"next\": " + last) + "}}";
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private FeedSink sink(String feed, FeedRule rule) {
        return new FeedSink(
                new Feed(feed, LanguageFilter.of("en,und"), rule), kafka.publisher(), new RecordingListener());
    }

    private RunningSource run(String position, PollingOptions options) {
        return run(position, SinkGroup.of(sink("api", FeedRule.ALL)), options);
    }

    private RunningSource run(String position, SinkGroup sinks, PollingOptions options) {
        PollingSource source = new PollingSource(
                "api",
                options,
                LanguageDetector.NONE,
                Clock.systemUTC(),
                () -> new Backoff(Duration.ofMillis(1), Duration.ofMillis(20)));
        return new RunningSource(source, position, sinks, kafka, monitor);
    }

    private List<String> texts() {
        return kafka.tweets().stream().map(Tweet::getText).toList();
    }

    private void awaitTweets(int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(kafka.tweets()).hasSizeGreaterThanOrEqualTo(count));
    }

    private void awaitPolls(int count) {
        int before = api.requests().size();
        await().atMost(PATIENCE).until(() -> api.requests().size() >= before + count);
    }

    private void assertEachOnce(int count) {
        assertThat(texts())
                .containsExactlyElementsOf(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> "post " + i)
                        .toList());
    }
}
