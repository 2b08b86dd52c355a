// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.record.RecordLine;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What came out of the stream for one feed, to be compared with what went in. Other feeds are not counted. */
final class FeedTotals {
    private final String feed;
    private final Set<String> ids = new HashSet<>();
    private final Map<String, Long> scoredByModel = new TreeMap<>();
    private final Map<String, Long> rejectedByReason = new TreeMap<>();
    private final Map<String, SentimentWindow> earlierWindows = new HashMap<>();
    private final Map<String, SentimentWindow> windows = new HashMap<>();
    private long scored;
    private final Map<Sentiment, Long> bySentiment = new EnumMap<>(Sentiment.class);
    private long rejected;

    FeedTotals(String feed) {
        this.feed = feed;
    }

    String feed() {
        return feed;
    }

    void add(ScoredTweet tweet) {
        if (!tweet.getFeed().equals(feed)) return;
        scored++;
        bySentiment.merge(tweet.getSentiment(), 1L, Long::sum);
        scoredByModel.merge(tweet.getModelVersion(), 1L, Long::sum);
        ids.add(tweet.getId());
    }

    /** @param key of the record of {@code sentiment.windows}: the last record of a key is the window's state */
    void add(String key, SentimentWindow window) {
        if (window.getFeed().equals(feed)) windows.put(key, window);
    }

    /** A window's state from before the feed was replayed: only what it grows by is counted. */
    void addEarlier(String key, SentimentWindow window) {
        if (window.getFeed().equals(feed)) earlierWindows.put(key, window);
    }

    /** @param key of the record of {@code tweets.rejected}; what ingest rejects has its feed as key */
    void addRejected(String key, Optional<Rejection> rejection) {
        if (!feed.equals(key)) return;
        rejected++;
        rejectedByReason.merge(rejection.map(found -> found.reason().code()).orElse("unknown"), 1L, Long::sum);
    }

    /**
     * Whether all that ingest published has been scored and counted, or dropped as a duplicate, and all that it
     * rejected has been seen.
     *
     * @param duplicates dropped by all classifiers
     */
    boolean isComplete(FeedProgress progress, long duplicates) {
        Map<Duration, Long> counted = countedBySize();
        return scored + duplicates == progress.published()
                && rejected == progress.rejected()
                && (scored == 0 || !counted.isEmpty())
                && counted.values().stream().allMatch(count -> count == scored);
    }

    private Map<Duration, Long> countedBySize() {
        Map<Duration, Long> counted = new TreeMap<>();
        windows.forEach((key, window) -> {
            long earlier = Optional.ofNullable(earlierWindows.get(key))
                    .map(SentimentWindow::getCount)
                    .orElse(0L);
            counted.merge(Duration.between(window.getStart(), window.getEnd()), window.getCount() - earlier, Long::sum);
        });
        return counted;
    }

    void print(PrintWriter out, FeedProgress progress, long duplicates) {
        if (!progress.resumedAfter().isEmpty())
            out.printf("%nearlier     %s", UntrustedText.oneLine(progress.resumedAfter()));
        out.printf(
                Locale.ROOT,
                "%nread        %,d%npublished   %,d%nfiltered    %,d by language or rule%nskipped     %,d, no tweets%n"
                        + "rejected    %,d %s%n",
                progress.read(),
                progress.published(),
                progress.filtered(),
                progress.skipped(),
                rejected,
                rejected == 0 ? "" : rejectedByReason);
        if (duplicates > 0) out.printf(Locale.ROOT, "duplicates  %,d, neither scored nor counted%n", duplicates);
        out.printf(
                Locale.ROOT,
                "scored      %,d, each id once: %s; %,d positive, %,d neutral, %,d negative; by %s%n",
                scored,
                ids.size() == scored ? "yes" : "no, " + ids.size() + " ids",
                bySentiment.getOrDefault(Sentiment.POSITIVE, 0L),
                bySentiment.getOrDefault(Sentiment.NEUTRAL, 0L),
                bySentiment.getOrDefault(Sentiment.NEGATIVE, 0L),
                UntrustedText.oneLine(scoredByModel.toString()));
        countedBySize()
                .forEach((size, count) ->
                        out.printf(Locale.ROOT, "windows %-4s%,d tweets counted%n", RecordLine.brief(size), count));
        if (!progress.failure().isEmpty()) out.println("the feed failed: " + UntrustedText.oneLine(progress.failure()));
    }
}
