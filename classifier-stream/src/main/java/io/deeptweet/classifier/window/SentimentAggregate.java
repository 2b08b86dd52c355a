// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums that a window keeps of its tweets. A single tweet is an aggregate too, so windows only need {@link #plus}.
 *
 * @param positive number of positive tweets
 * @param negative number of negative tweets
 * @param sum sum of the tweets' probabilities of being positive
 * @param versions number of tweets by the version of the model that scored them
 * @param tokens number of tokens read
 * @param unknown number of those tokens that the vocabulary does not hold
 * @param histogram histogram of the probabilities
 */
public record SentimentAggregate(
        long positive,
        long negative,
        double sum,
        Map<String, Long> versions,
        long tokens,
        long unknown,
        ScoreHistogram histogram) {
    /** A window with more would not fit into a record in the end. */
    static final int MOST_VERSIONS = 100;

    /** Stands for versions beyond the limit. */
    static final String OTHER_VERSIONS = "other";

    public SentimentAggregate {
        versions = Map.copyOf(versions);
    }

    /** Returns the aggregate of one tweet. */
    public static SentimentAggregate of(Score score) {
        return new SentimentAggregate(
                score.positive() ? 1 : 0,
                score.positive() ? 0 : 1,
                score.probability(),
                Map.of(score.version(), 1L),
                score.tokens(),
                score.unknown(),
                ScoreHistogram.of(score.probability()));
    }

    /** Returns the aggregate of both sets of tweets. */
    public SentimentAggregate plus(SentimentAggregate other) {
        Map<String, Long> all = new HashMap<>(versions);
        other.versions.forEach((version, count) -> all.merge(
                all.containsKey(version) || all.size() < MOST_VERSIONS ? version : OTHER_VERSIONS, count, Long::sum));
        return new SentimentAggregate(
                positive + other.positive,
                negative + other.negative,
                sum + other.sum,
                all,
                tokens + other.tokens,
                unknown + other.unknown,
                histogram.plus(other.histogram));
    }

    /** Returns the number of tweets. */
    public long count() {
        return positive + negative;
    }

    /** Whether tweets can add up to it. */
    boolean isPossible() {
        long count = count();
        boolean counts = positive >= 0 && negative >= 0 && count >= 0 && unknown >= 0 && tokens >= unknown;
        // Less than the count where an earlier release did not count them.
        boolean parts = isPartOf(count, versions.values()) && isPartOf(count, histogram.counts());
        return counts && parts && versions.size() <= MOST_VERSIONS + 1 && sum >= 0 && sum <= count * (1 + 1e-9) + 1e-6;
    }

    private static boolean isPartOf(long count, Collection<Long> parts) {
        long rest = count;
        for (long part : parts) {
            if (part < 0 || part > rest) return false;
            rest -= part;
        }
        return true;
    }

    /** Returns the published form, for the window from {@code start} (inclusive) to {@code end} (exclusive). */
    public SentimentWindow window(String feed, Instant start, Instant end) {
        return new SentimentWindow(
                feed,
                start,
                end,
                count(),
                positive,
                negative,
                count() == 0 ? 0 : sum / count(),
                new TreeMap<>(versions));
    }
}
