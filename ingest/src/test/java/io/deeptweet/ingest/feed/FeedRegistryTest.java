// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.ingest.publish.SourceTransactions;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class FeedRegistryTest {
    private static final LanguageFilter ENGLISH = LanguageFilter.of("en");

    private final KafkaMock kafka = KafkaMock.thatWaits();
    private final RecordingListener listener = new RecordingListener();
    private final FeedRegistry feeds = new FeedRegistry(kafka.publisher(), listener);

    @Test
    void aRecordCountsOnceKafkaHasAcknowledgedIt() {
        FeedSink sink = feeds.register(new Feed("election", ENGLISH), "a.jsonl", new SourceState())
                .sink();
        var published = sink.accept(tweet("en"), new byte[0], "a:1");
        var filtered = sink.accept(tweet("de"), new byte[0], "a:2");
        var rejected = sink.accept(new ParsedTweet.Invalid(Reason.NO_ID, "the tweet has no id"), new byte[] {1}, "a:3");
        assertThat(filtered).isCompletedWithValue(FeedSink.Outcome.FILTERED);
        assertThat(feeds.statuses())
                .containsExactly(new FeedStatus(
                        "election", "a.jsonl", "", "en", "running", 3, 0, 1, 0, 0, "", null, "", "", null));
        kafka.producer().completeNext();
        assertThat(published).isCompletedWithValue(FeedSink.Outcome.PUBLISHED);
        kafka.producer().errorNext(new TimeoutException("away"));
        assertThat(rejected).isCompletedExceptionally();
        assertThat(feeds.statuses())
                .containsExactly(new FeedStatus(
                        "election", "a.jsonl", "", "en", "running", 3, 1, 1, 0, 0, "", null, "", "", null));
        assertThat(listener.events()).containsExactly("registered election", "filtered election", "published election");
    }

    @Test
    void theStatusesAreSortedAndHaveTheirStates() {
        SourceState failed = new SourceState();
        SourceState finished = new SourceState();
        ActiveFeed failing = feeds.register(new Feed("b", ENGLISH), "b.txt", failed);
        ActiveFeed finishing = feeds.register(new Feed("a", ENGLISH), "a.txt", finished);
        failed.fail("b.txt: there is no such file");
        finished.finish();
        assertThat(failing.hasFailed()).isTrue();
        assertThat(finishing.hasFailed()).isFalse();
        assertThat(feeds.statuses())
                .containsExactly(
                        new FeedStatus("a", "a.txt", "", "en", "finished", 0, 0, 0, 0, 0, "", null, "", "", null),
                        new FeedStatus(
                                "b",
                                "b.txt",
                                "",
                                "en",
                                "failed",
                                0,
                                0,
                                0,
                                0,
                                0,
                                "",
                                null,
                                "b.txt: there is no such file",
                                "",
                                null));
    }

    /** A load balancer sends no pushes to an instance that is not ready. */
    @Test
    void thereIsAnOutageOnlyIfNoSourceCanPublish() {
        SourceState first = new SourceState();
        SourceState second = new SourceState();
        var unused = List.of(
                feeds.register(new Feed("a", ENGLISH), "a.txt", first),
                feeds.register(new Feed("b", ENGLISH), "b.txt", second));
        first.retry("no answer", true);
        assertThat(feeds.outage()).isEmpty();
        second.retry("refused", false);
        assertThat(feeds.outage()).contains("feed a: no answer");
        first.finish();
        assertThat(feeds.outage()).isEmpty();
    }

    /** Whoever reads the state of a paused feed is not to be alarmed. */
    @Test
    void aPausedFeedHasNeitherFailedNorALag() {
        SourceState state = new SourceState();
        ActiveFeed feed = feeds.register(new Feed("a", ENGLISH), "live", state);
        state.behind(Duration.ofSeconds(2));
        state.interrupted("quiet", "nothing came for 15 s", Instant.EPOCH);
        assertThat(feed.hasFailed()).isTrue();
        assertThat(feed.isInterruptedBy("quiet")).isTrue();
        feed.pause(true);
        assertThat(feed.hasFailed()).isFalse();
        assertThat(feed.isInterruptedBy("quiet")).isFalse();
        assertThat(feed.lagSeconds()).isEmpty();
        assertThat(feeds.status("a").orElseThrow().state()).isEqualTo("paused");
        feed.pause(false);
        assertThat(feeds.status("a").orElseThrow().reason()).isEqualTo("quiet");
        assertThat(feed.lagSeconds()).contains(2.0);
    }

    @Test
    void aFeedWithASourceReplacesOneThatRequestsNamed() {
        ActiveFeed pushed = feeds.pushed(new Feed("a", ENGLISH));
        ActiveFeed feed = feeds.register(new Feed("a", ENGLISH), "live", new SourceState());
        assertThat(feed).isNotSameAs(pushed);
        assertThat(feeds.pushed(new Feed("a", ENGLISH))).isSameAs(feed);
        feeds.remove(feed);
        assertThat(feeds.statuses()).isEmpty();
        assertThat(listener.events()).containsExactly("registered a", "removed a", "registered a", "removed a");
    }

    @Test
    void aPushToTheFeedOfASourceUsesItsSinkAndLanguages() {
        ActiveFeed feed = feeds.register(new Feed("election", ENGLISH), "a.jsonl", new SourceState());
        assertThat(feeds.pushed(new Feed("election", LanguageFilter.of("*")))).isSameAs(feed);
        assertThatThrownBy(() -> feeds.register(new Feed("election", ENGLISH), "b.jsonl", new SourceState()))
                .isInstanceOf(IllegalStateException.class);
    }

    /** Requests name feeds, and each feed costs memory and metrics. */
    @Test
    void inventedFeedsReplaceEachOtherAndLockNobodyOut() {
        ActiveFeed source = feeds.register(new Feed("source", ENGLISH), "a.jsonl", new SourceState());
        for (int i = 0; i < FeedRegistry.MAX_PUSHED; i++) feeds.pushed(new Feed("feed-" + i, ENGLISH));
        ActiveFeed used = feeds.pushed(new Feed("feed-0", ENGLISH));
        for (int i = 0; i < 10; i++) feeds.pushed(new Feed("other-" + i, ENGLISH));
        assertThat(feeds.pushed(new Feed("feed-0", ENGLISH))).isSameAs(used);
        assertThat(feeds.pushed(new Feed("source", ENGLISH))).isSameAs(source);
        assertThat(feeds.statuses()).hasSize(FeedRegistry.MAX_PUSHED + 1);
        assertThat(listener.events())
                .contains("removed feed-1", "removed feed-10")
                .doesNotContain("removed feed-11");
    }

    @Test
    void theOutcomesOfATransactionAreCountedTogether() {
        KafkaMock transactional = KafkaMock.thatAcknowledges();
        SourceTransactions transactions = transactional.transactions();
        FeedSink sink = feeds.register(new Feed("election", ENGLISH), "a.jsonl", new SourceState())
                .sink();
        FeedOutcomes outcomes = new FeedOutcomes();
        sink.write(transactions, tweet("en"), new byte[0], "a:1", outcomes);
        sink.write(transactions, tweet("de"), new byte[0], "a:2", outcomes);
        sink.write(transactions, new ParsedTweet.Invalid(Reason.NO_ID, "no id"), new byte[] {1}, "a:3", outcomes);
        assertThat(sink.read()).isZero();
        assertThat(transactional.tweets()).isEmpty();
        transactions.commit("3");
        sink.count(outcomes);
        assertThat(feeds.statuses())
                .containsExactly(new FeedStatus(
                        "election", "a.jsonl", "", "en", "running", 3, 1, 1, 1, 0, "", null, "", "", null));
        assertThat(transactional.tweets()).hasSize(1);
        assertThat(transactional.rejected()).hasSize(1);
        assertThat(transactional.position()).isEqualTo("3");
    }

    @Test
    void aFeedsNameFollowsTheRule() {
        assertThatThrownBy(() -> new Feed("My Feed", ENGLISH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the feed's name is \"My Feed\": use 1 to 64 lower-case letters");
    }

    private static ParsedTweet tweet(String language) {
        return new ParsedTweet.Valid(
                new Tweet("1", "hello", "election", language, null, Instant.EPOCH, Instant.EPOCH, TweetKind.POST));
    }
}
