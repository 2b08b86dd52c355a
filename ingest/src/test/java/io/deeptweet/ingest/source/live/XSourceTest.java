// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.ingest.source.live.FakeXApi.Answer;
import io.deeptweet.ingest.source.live.FakeXApi.Fault;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class XSourceTest extends XSourceTestBase {
    @Test
    void aPostBecomesATweet() throws Exception {
        try (RunningSource ignored = stream("")) {
            x.add("An apple a day");
            awaitTweets(1);
            Tweet tweet = kafka.tweets().get(0);
            assertThat(tweet.getText()).isEqualTo("An apple a day");
            assertThat(tweet.getId()).matches("\\d{19}");
            assertThat(tweet.getAuthor()).contains("alice");
            assertThat(tweet.getLanguage()).contains("en");
            assertThat(tweet.getKind()).isEqualTo(TweetKind.POST);
            assertThat(monitor.states()).containsExactly("running");
            assertThat(monitor.events()).isEqualTo(Map.of("post", 1));
        }
    }

    /** The cost is known before the rule is there. */
    @Test
    void postsAreCountedBeforeTheRuleIsAdded() throws Exception {
        x.setCount(70_000);
        try (RunningSource ignored = stream("")) {
            assertThat(x.requests())
                    .extracting(request -> request.replaceFirst(" \\{.*", ""))
                    .containsExactly(
                            "GET " + XApi.RULES, "GET " + XApi.COUNTS, "POST " + XApi.RULES, "GET " + XApi.STREAM);
            assertThat(x.requests().get(1)).contains("query=apple");
            assertThat(x.ruleValues()).containsExactly("apple");
        }
        XBudget budget =
                new XBudget(new XOptions.Prices(0.005, 0.01, 50), XPosition.start(Instant.now()), Clock.systemUTC());
        assertThat(budget.estimate(304_375, true))
                .startsWith("about 304375 posts a month, which cost about 1521.88 USD at 0.005 USD a post for these"
                        + " alone, and up to 6087.50 USD with the posts that they refer to and their authors;"
                        + " 0.00 of 50.00 USD are spent in ");
    }

    @Test
    void rulesOfAnEarlierStartAreReplacedAndOthersLeft() throws Exception {
        x.addRule("1", "banana", "deeptweet-x");
        x.addRule("2", "cherry", "somebody else");
        try (RunningSource ignored = stream("")) {
            assertThat(x.ruleValues()).containsExactly("cherry", "apple");
            ObjectNode foreign = x.post("a cherry");
            foreign.putArray("matching_rules").addObject().put("id", "2").put("tag", "somebody else");
            x.add(foreign);
            x.add("an apple");
            awaitTweets(1);
            assertThat(kafka.tweets()).extracting(Tweet::getText).containsExactly("an apple");
            assertThat(monitor.events()).containsEntry("foreign", 1);
        }
    }

    @Test
    void aRuleThatIsThereIsNotAddedAgain() throws Exception {
        x.addRule("1", "apple", "deeptweet-x");
        try (RunningSource ignored = stream("")) {
            assertThat(x.requests("POST")).isEmpty();
            assertThat(x.requests("GET " + XApi.COUNTS)).isEmpty();
        }
    }

    @Test
    void aRuleThatXRefusesFailsTheSource() throws Exception {
        RunningSource running = run("", options(50, false, "-(apple pear)"));
        eventually(() -> assertThat(running.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .hasMessage("X refuses the rule -(apple pear): Invalid Rule: Groups cannot be negated (at"
                                + " position 1); correct it")));
    }

    @Test
    void postsInBothNamingsAreRead() throws Exception {
        try (RunningSource ignored = stream("")) {
            add("RT @bob: the beg…", "tweet", "tweets", "retweeted");
            add("RT @bob: the beg…", "post", "posts", "retweeted");
            add("so true", "tweet", "tweets", "quoted");
            add("so true", "post", "posts", "replied_to");
            awaitTweets(4);
            assertThat(kafka.tweets())
                    .extracting(Tweet::getText, Tweet::getKind)
                    .containsExactly(
                            tuple("RT @bob: the beginning and the end", TweetKind.RETWEET),
                            tuple("RT @bob: the beginning and the end", TweetKind.RETWEET),
                            tuple("so true", TweetKind.QUOTE),
                            tuple("so true", TweetKind.REPLY));
        }
    }

    private void add(String text, String one, String many, String type) {
        ObjectNode post = x.post(text);
        post.withObject("/data")
                .putArray("referenced_" + many)
                .addObject()
                .put("type", type)
                .put("id", "12");
        post.withObject("/includes")
                .putArray(many)
                .addObject()
                .put("id", "12")
                .put("text", "the beg…")
                .putObject("note_" + one)
                .put("text", "the beginning and the end");
        x.add(post);
    }

    @Test
    void partialErrorsEditsAndPostsWithoutTextAreCounted() throws Exception {
        try (RunningSource ignored = stream("")) {
            ObjectNode post = x.post("an apple");
            post.putArray("errors").addObject().put("title", "Not Found Error").put("resource_id", "12");
            x.add(post);
            ObjectNode edited = x.post("a pear");
            ((ObjectNode) edited.path("data"))
                    .putArray("edit_history_tweet_ids")
                    .add("1")
                    .add("2");
            x.add(edited);
            x.add(" ");
            x.send("{\"errors\":[{\"title\":\"Something\"}]}");
            x.add("a plum");
            awaitTweets(3);
            assertThat(monitor.events()).isEqualTo(Map.of("post", 4, "error", 2, "edited", 1, "without_text", 1));
            assertThat(kafka.rejected()).isEmpty();
            assertThat(x.requests(STREAM)).hasSize(1);
        }
    }

    @Test
    void whatTheStreamMissesIsSearched() throws Exception {
        x.plan(Fault.BREAK, 5);
        try (RunningSource ignored = stream("")) {
            for (int i = 1; i <= 4; i++) x.add("post " + i);
            for (int i = 6; i <= 300; i++) x.addToSearch("post " + i); // three pages
            x.add("post 5"); // the connection breaks
            eventually(() -> assertThat(x.requests(STREAM)).hasSize(2));
            awaitStream();
            for (int i = 301; i <= 310; i++) x.add("post " + i);
            awaitTweets(310);
            assertEachOnce(310);
            assertThat(x.requests("GET " + XApi.SEARCH)).anyMatch(request -> request.contains("next_token=b200"));
            assertThat(monitor.events()).doesNotContainKey("gap").containsEntry("repeated", 5);
            assertThat(monitor.states()).anyMatch(state -> state.contains("localhost"));
        }
    }

    @Test
    void anotherProcessContinuesAtTheCommittedPosition() throws Exception {
        try (RunningSource ignored = stream("")) {
            for (int i = 1; i <= 10; i++) x.add("post " + i);
            awaitTweets(10);
            await().atMost(PATIENCE)
                    .until(() -> XPosition.parse(kafka.position()).seen().size() == 10);
        }
        for (int i = 11; i <= 20; i++) x.addToSearch("post " + i);
        try (RunningSource ignored = stream(kafka.position())) {
            x.add("post 21");
            awaitTweets(21);
            assertEachOnce(21);
        }
    }

    /** The gap is in the position until it is filled. */
    @Test
    void aGapSurvivesAnotherStart() throws Exception {
        String before = XPosition.start(Instant.now()).toString();
        for (int i = 1; i <= 150; i++) x.addToSearch("post " + i);
        String after = XPosition.parse(before)
                .withGap(new XPosition.Gap(XPosition.parse(before).newest() - 1, XIds.at(Instant.now())))
                .upTo(Instant.now())
                .toString();
        try (RunningSource ignored = stream(after)) {
            awaitTweets(150);
            assertEachOnce(150);
        }
    }

    @Test
    void aRefusedSearchIsAGapAndTheStreamGoesOn() throws Exception {
        x.plan(Fault.BREAK, 1);
        x.plan(XApi.SEARCH, new Answer(403, "{\"title\":\"Forbidden\",\"detail\":\"Your plan has no search.\"}"));
        try (RunningSource ignored = stream("")) {
            x.add("post 1");
            eventually(() -> assertThat(monitor.events()).containsEntry("gap", 1));
            awaitStream();
            x.add("post 2");
            awaitTweets(2);
            assertEachOnce(2);
        }
    }

    @Test
    void aPageWithoutPostsThatIsNotTheLastIsAGap() throws Exception {
        x.plan(Fault.BREAK, 1);
        x.plan(XApi.SEARCH, new Answer(200, "{\"meta\":{\"result_count\":0,\"next_token\":\"b100\"}}"));
        try (RunningSource ignored = stream("")) {
            x.add("post 1");
            eventually(() -> assertThat(monitor.events()).containsEntry("gap", 1));
            awaitStream();
            x.add("post 2");
            awaitTweets(2);
            assertEachOnce(2);
            assertThat(x.requests("GET " + XApi.SEARCH)).hasSize(1);
        }
    }

    @Test
    void aBudgetThatIsSpentDisconnectsUntilTheNextMonth() throws Exception {
        YearMonth month = XBudget.month(Instant.now());
        try (RunningSource ignored = run("", options(0.03, false, "apple"))) {
            awaitStream();
            for (int i = 1; i <= 10; i++) x.add("post " + i); // 4 posts and their author cost 0.03 USD
            eventually(() -> assertThat(monitor.interruptions()).singleElement().satisfies(interruption -> {
                assertThat(interruption.kind()).isEqualTo(Interruption.Kind.RATE_LIMITED);
                assertThat(interruption.detail()).startsWith("0.03 of 0.03 USD are spent in " + month);
                assertThat(interruption.nextTry())
                        .isEqualTo(month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
            }));
            eventually(
                    () -> assertThat(XPosition.parse(kafka.position()).spent()).isEqualTo(30_000));
            assertThat(kafka.tweets()).hasSize(4);
        }
        // Another process asks for nothing in the same month.
        int requests = x.requests().size();
        try (RunningSource ignored = run(kafka.position(), options(0.03, false, "apple"))) {
            eventually(() -> assertThat(monitor.interruptions()).hasSize(2));
            assertThat(x.requests()).hasSize(requests);
        }
        // A second before the month ends.
        Instant end = month.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        Clock clock = Clock.offset(Clock.systemUTC(), Duration.between(Instant.now(), end.minusSeconds(1)));
        try (RunningSource ignored = run(kafka.position(), options(0.03, false, "apple"), clock)) {
            eventually(() -> assertThat(monitor.interruptions()).hasSize(3));
            eventually(() -> assertThat(x.requests(STREAM)).hasSize(2));
            awaitStream();
            x.add("another month");
            awaitTweets(5);
        }
    }

    /** As a feed does that is added to a source that has stopped. */
    @Test
    void aSourceThatBeginsAnewKeepsItsBudget() throws Exception {
        XOptions options = options(0.03, false, "apple");
        String spent = XPosition.start(Instant.now())
                .withSpent(XBudget.month(Instant.now()), 30_000)
                .toString();
        XSource source = new XSource("x", options, LanguageDetector.NONE, Clock.systemUTC());
        String restarted = source.restart(spent);
        try (RunningSource ignored = run(restarted, options)) {
            eventually(() -> assertThat(monitor.interruptions())
                    .singleElement()
                    .satisfies(interruption ->
                            assertThat(interruption.detail()).startsWith("0.03 of 0.03 USD are spent in ")));
            assertThat(x.requests()).isEmpty();
        }
        assertThat(source.restart("")).isEmpty();
        assertThat(source.restart("server=x cursor=1 seen=")).isEmpty();
    }

    @Test
    void aSearchAtIntervalsFindsEachPostOnce() throws Exception {
        x.addToSearch("before the first start");
        Instant first = Instant.now();
        await().until(() -> Instant.now().toEpochMilli() > first.toEpochMilli() + 1);
        try (RunningSource ignored = run("", options(50, true, "apple", "pear lang:en"))) {
            eventually(() -> assertThat(monitor.states()).contains("running"));
            for (int i = 1; i <= 120; i++) x.addToSearch("post " + i);
            awaitTweets(120);
            x.addToSearch("post 121");
            awaitTweets(121);
            assertEachOnce(121);
            assertThat(x.requests("GET " + XApi.SEARCH).get(0)).contains("query=(apple) OR (pear lang:en)");
            assertThat(x.requests("POST")).isEmpty();
            assertThat(x.requests(STREAM)).isEmpty();
        }
        x.addToSearch("post 122");
        try (RunningSource ignored = run(kafka.position(), options(50, true, "apple"))) {
            awaitTweets(122);
            assertEachOnce(122);
        }
    }

    @Test
    void fieldsThatAreRenamedAreAskedForByTheirOtherNames() throws Exception {
        x.renameFieldsOfSearch("tweet.fields");
        try (RunningSource ignored = run("", options(50, true, "apple"))) {
            eventually(() -> assertThat(monitor.states()).contains("running"));
            x.addToSearch("post 1");
            awaitTweets(1);
            x.addToSearch("post 2");
            awaitTweets(2);
            assertEachOnce(2);
            assertThat(x.requests("GET " + XApi.SEARCH))
                    .filteredOn(request -> request.contains("post.fields"))
                    .hasSize(1);
        }
    }
}
