// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.classifier.window.FeedWindow;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.classifier.window.SentimentAggregateSerde;
import io.deeptweet.schemas.ExplainedTweets;
import io.deeptweet.schemas.PushingWord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class WindowTopologyTest extends TopologyHarness {
    @Test
    void theCountsOfEveryWindowSizeAddUpToAllTweets() {
        for (int i = 0; i < 360; i++) pipeAtOnce(tweet("" + i, "election", NOON.plusSeconds(20L * i))); // two hours
        forwardSums();

        Map<String, SentimentWindow> last = lastWindows();
        for (Duration size : SIZES) {
            List<SentimentWindow> ofSize = last.entrySet().stream()
                    .filter(window -> window.getKey().contains("/" + size + "/"))
                    .map(Map.Entry::getValue)
                    .toList();
            assertThat(ofSize)
                    .allSatisfy(window -> assertThat(Duration.between(window.getStart(), window.getEnd()))
                            .isEqualTo(size));
            assertThat(ofSize.stream().mapToLong(SentimentWindow::getCount).sum())
                    .isEqualTo(360);
        }
        assertThat(last.get("election/PT10S/2024-08-15T12:00:20Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT1M/2024-08-15T13:59:00Z").getCount()).isEqualTo(3);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(180);
        assertThat(last).hasSize(360 + 120 + 2);
    }

    @Test
    void aWindowHasCountsMeanProbabilityAndModelVersions() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON.plusSeconds(9)));
        model.swap(new TestScorers.Constant("v2", 0.1f));
        pipe(tweet("3", "election", NOON.plusMillis(9_999)));

        SentimentWindow window = lastWindows().get("election/PT10S/2024-08-15T12:00:00Z");
        assertThat(window.getFeed()).isEqualTo("election");
        assertThat(window.getStart()).isEqualTo(NOON);
        assertThat(window.getEnd()).isEqualTo(NOON.plusSeconds(10));
        assertThat(window.getCount()).isEqualTo(3);
        assertThat(window.getPositive()).isEqualTo(2);
        assertThat(window.getNegative()).isEqualTo(1);
        assertThat(window.getNeutral()).isZero();
        assertThat(window.getMeanProbabilities().getPositive()).isCloseTo((0.75f + 0.75f + 0.1f) / 3, within(1e-6f));
        assertThat(window.getMeanProbabilities().getNegative()).isCloseTo((0.25f + 0.25f + 0.9f) / 3, within(1e-6f));
        assertThat(window.getModelVersions()).isEqualTo(Map.of("v1", 2L, "v2", 1L));
    }

    @Test
    void aWindowHasWordsAndExamplesOfSomeOfItsTweets() {
        model.swap(new TestScorers.Explaining());
        pipe(tweet("1", "election", NOON));
        for (int i = 2; i < 20; i++) pipeAtOnce(tweet("" + i, "election", NOON.plusSeconds(1)));
        forwardSums();
        ExplainedTweets explained = explained("election");
        assertThat(explained.getTweets()).isEqualTo(1 + EXPLAINED);
        assertThat(explained.getPositiveWords())
                .extracting(PushingWord::getWord, PushingWord::getContribution, PushingWord::getTweets)
                .containsExactly(tuple("love", 7.5f, 5L), tuple("nice", 2.5f, 5L), tuple("so", 1f, 5L));
        assertThat(explained.getNegativeWords())
                .extracting(PushingWord::getWord)
                .containsExactly("but");
        assertThat(explained.getPositiveExamples()).hasSize(3).isSubsetOf("1", "2", "3", "4", "5");
        assertThat(explained.getNeutralExamples()).isEmpty();
    }

    @Test
    void manyFeedsShareALimitOfExplainedTweets() {
        for (int i = 0; i < 100; i++) pipeAtOnce(tweet("" + i, "feed-" + i, NOON));
        forwardSums();
        Map<String, SentimentWindow> windows = lastWindows();
        windows.keySet().removeIf(key -> !key.contains("/PT1H/"));
        assertThat(windows).hasSize(100);
        assertThat(windows.values().stream()
                        .filter(window -> window.getExplained().isPresent()))
                .hasSize(10 * EXPLAINED);
    }

    @Test
    void aTweetThatCannotBeExplainedIsCounted() {
        model.swap(new TestScorers.Inexplicable());
        pipe(tweet("1", "election", NOON));
        assertThat(lastWindows().get("election/PT1H/2024-08-15T12:00:00Z"))
                .satisfies(window -> assertThat(window.getCount()).isEqualTo(1))
                .satisfies(window -> assertThat(window.getExplained()).isEmpty());
    }

    private ExplainedTweets explained(String feed) {
        return lastWindows()
                .get(feed + "/PT1H/2024-08-15T12:00:00Z")
                .getExplained()
                .orElseThrow();
    }

    /** The windows receive sums instead of tweets, with the same result. */
    @Test
    void tweetsOfOneTimeSliceAreForwardedAsOneSumPerFeed() {
        TestOutputTopic<String, SentimentAggregate> sums = driver.createOutputTopic(
                "test-feeds-repartition", new StringDeserializer(), new SentimentAggregateSerde().deserializer());
        for (int i = 0; i < 100; i++) pipeAtOnce(tweet("a" + i, "election", NOON.plusMillis(i)));
        for (int i = 0; i < 10; i++) pipeAtOnce(tweet("b" + i, "world-cup", NOON.plusMillis(i)));
        assertThat(sums.isEmpty()).isTrue();
        for (int i = 0; i < 7; i++) pipeAtOnce(tweet("c" + i, "election", NOON.plusSeconds(10)));
        forwardSums();

        assertThat(sums.readRecordsToList())
                .extracting(TestRecord::key, sum -> sum.value().count(), TestRecord::getRecordTime)
                .containsExactlyInAnyOrder(
                        tuple("election", 100L, NOON.plusMillis(99)),
                        tuple("election", 7L, NOON.plusSeconds(10)),
                        tuple("world-cup", 10L, NOON.plusMillis(9)));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(sums.isEmpty()).as("a forwarded sum is removed").isTrue();
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(100);
        assertThat(last.get("election/PT10S/2024-08-15T12:00:10Z").getCount()).isEqualTo(7);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(107);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z")
                        .getMeanProbabilities()
                        .getPositive())
                .isEqualTo(0.75f);
        assertThat(last.get("world-cup/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(10);
    }

    @Test
    void feedsAreCountedSeparately() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "world.cup", NOON));
        pipe(tweet("3", "election", NOON));

        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(2);
        assertThat(last.get("world.cup/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
    }

    /** Whoever may write tweets chooses the names of feeds. */
    @Test
    void ofTooManyFeedsThoseThatWereQuietTheLongestAreForgotten() {
        int most = 10_000;
        pipe(tweet("busy 1", "busy", NOON));
        for (int i = 1; i < most; i++) pipeAtOnce(tweet("" + i, "feed-" + i, NOON));
        forwardSums();
        pipe(tweet("busy 2", "busy", NOON));
        assertThat(observer.forgotten).isEmpty();

        pipe(tweet("new", "new", NOON));
        pipe(tweet("busy 3", "busy", NOON));
        assertThat(observer.forgotten)
                .isEqualTo(SIZES.stream().collect(Collectors.toMap(size -> size, size -> most / 10)));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last).hasSize((most + 1) * SIZES.size());
        assertThat(last.get("new/PT1M/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("busy/PT1M/2024-08-15T12:00:00Z").getCount()).isEqualTo(3);
    }

    @Test
    void aTweetIsCountedAtTheTimeOfWriting() {
        pipe(tweet("1", "election", NOON.plusSeconds(70)));
        pipe(tweet("2", "election", NOON)); // late, but within the grace

        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT10S/2024-08-15T12:01:10Z").getCount()).isEqualTo(1);
        assertThat(observer.late).isEmpty();
    }

    /** The 10 s window ends at 12:00:10 and accepts tweets until stream time is 12:05:10. */
    @Test
    void aWindowAcceptsTweetsUntilItsGraceHasPassed() {
        pipe(tweet("1", "election", NOON.plus(GRACE).plusMillis(9_999)));
        pipe(tweet("2", "election", NOON));
        assertThat(observer.late).isEmpty();
        assertThat(lastWindows().get("election/PT10S/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(1);

        pipe(tweet("3", "election", NOON.plus(GRACE).plusSeconds(10)));
        pipe(tweet("4", "election", NOON));
        assertThat(observer.late).containsExactly(Duration.ofSeconds(10));
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT10S/2024-08-15T12:00:00Z").getClosed()).isTrue();
        assertThat(last.get("election/PT1M/2024-08-15T12:00:00Z").getClosed()).isFalse();
        assertThat(last.get("election/PT1M/2024-08-15T12:00:00Z").getCount()).isEqualTo(2);
        assertThat(last.get("election/PT1H/2024-08-15T12:00:00Z").getCount()).isEqualTo(4);
    }

    @Test
    void aTweetTooLateForEveryWindowIsStillScored() {
        pipe(tweet("1", "election", NOON.plus(Duration.ofDays(3))));
        pipe(tweet("2", "election", NOON));
        assertThat(scored.readValuesToList()).extracting(ScoredTweet::getId).containsExactly("1", "2");
        assertThat(observer.late).containsExactlyElementsOf(SIZES);
    }

    /** Otherwise one wrong clock would close all windows for years. */
    @Test
    void aTweetFromTheFutureIsCountedAsWrittenNow() {
        Instant ahead = NOW.plus(TweetLimits.LARGEST_CLOCK_LEAD);
        pipe(tweet("1", "election", ahead));
        pipe(tweet("2", "election", NOW.minusSeconds(60)));

        assertThat(observer.late).isEmpty();
        assertThat(scored.readValue().getCreatedAt()).isEqualTo(ahead);
        Map<String, SentimentWindow> last = lastWindows();
        assertThat(last.get("election/PT10S/2024-09-01T12:00:00Z").getCount()).isEqualTo(1);
        assertThat(last.get("election/PT10S/2024-09-01T11:59:00Z").getCount()).isEqualTo(1);
    }

    /** By the time of the partition, each live tweet would make the replay late. */
    @Test
    void aLiveFeedDoesNotMakeTheReplayOfAnotherFeedLate() {
        for (int i = 0; i < 60; i++) {
            pipe(tweet("live" + i, "live", NOW.minusSeconds(60 - i)));
            pipe(tweet("replayed" + i, "replay", NOON.plusSeconds(i)));
        }
        assertThat(observer.late).isEmpty();
        assertThat(lastWindows().get("replay/PT1M/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(60);
        assertThat(lastDrift().get("replay/PT1H/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(60);
    }

    @Test
    void closedWindowsArePublishedAndThenDeletedByTheTimeOfTheirFeed() {
        for (int i = 0; i < 100; i++) pipe(tweet("" + i, "election", NOON.plusSeconds(10L * i)));
        pipe(tweet("other", "other", NOON));
        // 10 s windows are open for 310 s and kept for 910 s, so those of the last 31 and 91 tweets are.
        assertThat(lastOf("/PT10S/").values().stream().filter(window -> !window.getClosed()))
                .hasSize(31 + 1);
        assertThat(storedWindows("windows-PT10S")).hasSize(91 + 1);

        driver.advanceWallClockTime(GRACE.plusSeconds(70));
        Map<String, SentimentWindow> closed = lastOf("/PT10S/");
        assertThat(closed).as("both feeds have ended").hasSize(31 + 1);
        assertThat(closed.values()).allSatisfy(window -> {
            assertThat(window.getClosed()).isTrue();
            assertThat(window.getCount()).isEqualTo(1);
        });
        assertThat(storedWindows("windows-PT10S")).hasSize(91 + 1);
        driver.advanceWallClockTime(RETENTION);
        assertThat(storedWindows("windows-PT10S")).isEmpty();
        assertThat(storedWindows("windows-PT1H")).isNotEmpty();
        pipe(tweet("late", "election", NOON.plusSeconds(990)));
        assertThat(observer.late).as("its window has closed").contains(SIZES.get(0));
        pipe(tweet("next", "election", NOON.plusSeconds(1000)));
        assertThat(lastWindows().get("election/PT10S/2024-08-15T12:16:40Z").getCount())
                .isEqualTo(1);
    }

    @Test
    void theTimeOfAFeedThatHasEndedIsForgotten() {
        pipe(tweet("1", "election", NOON));
        KeyValueStore<String, Object> times = driver.getKeyValueStore("windows-PT10S-times");
        assertThat(times.get("election")).isNotNull();
        driver.advanceWallClockTime(Duration.ofDays(89));
        assertThat(times.get("election")).isNotNull();
        driver.advanceWallClockTime(Duration.ofDays(2));
        assertThat(times.get("election")).isNull();
    }

    @Test
    void manyChangedWindowsArePublishedAtOnce() {
        for (int i = 0; i < 200; i++) pipeAtOnce(tweet("" + i, "election", NOON.plusSeconds(10L * i)));
        forwardSums();
        assertThat(lastOf("/PT10S/")).hasSize(200);
    }

    /** Whoever reads only final results must get each window once. */
    @Test
    void eachWindowIsClosedOnce() {
        for (int i = 0; i < 200; i++) {
            pipeAtOnce(tweet("" + i, "election", NOON.plusSeconds(7L * i)));
            if (i % 10 == 0) forwardSums();
        }
        forwardSums();
        driver.advanceWallClockTime(Duration.ofDays(1));
        driver.advanceWallClockTime(Duration.ofDays(1));
        List<SentimentWindow> closed = windows.readValuesToList().stream()
                .filter(SentimentWindow::getClosed)
                .toList();
        assertThat(closed).doesNotHaveDuplicates().hasSize(140 + 24 + 1);
        assertThat(closed.stream().mapToLong(SentimentWindow::getCount).sum()).isEqualTo(3 * 200);
    }

    private Map<String, SentimentWindow> lastOf(String size) {
        Map<String, SentimentWindow> last = lastWindows();
        last.keySet().removeIf(key -> !key.contains(size));
        return last;
    }

    private List<FeedWindow> storedWindows(String store) {
        List<FeedWindow> stored = new ArrayList<>();
        try (KeyValueIterator<FeedWindow, ValueAndTimestamp<SentimentAggregate>> all = driver.<FeedWindow,
                        SentimentAggregate>
                        getTimestampedKeyValueStore(store)
                .all()) {
            all.forEachRemaining(window -> stored.add(window.key));
        }
        return stored;
    }
}
