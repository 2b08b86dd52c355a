// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.schemas.SentimentWindow;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What some tweets feel together. One tweet is an aggregate too, so adding is all that windows need.
 *
 * @param positive how many are positive
 * @param negative how many are negative
 * @param sum of their probabilities of being positive
 * @param versions the models that scored them, and how many each
 * @param tokens how many tokens of their texts were read
 * @param unknown how many of those the vocabulary does not hold
 * @param histogram of the probabilities
 */
public record SentimentAggregate(
        long positive,
        long negative,
        double sum,
        Map<String, Long> versions,
        long tokens,
        long unknown,
        ScoreHistogram histogram) {
    public SentimentAggregate {
        versions = Map.copyOf(versions);
    }

    /** One tweet. */
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

    /** These and those. */
    public SentimentAggregate plus(SentimentAggregate other) {
        Map<String, Long> all = new HashMap<>(versions);
        other.versions.forEach((version, count) -> all.merge(version, count, Long::sum));
        return new SentimentAggregate(
                positive + other.positive,
                negative + other.negative,
                sum + other.sum,
                all,
                tokens + other.tokens,
                unknown + other.unknown,
                histogram.plus(other.histogram));
    }

    /** How many tweets. */
    public long count() {
        return positive + negative;
    }

    /** As published, for the window from {@code start} on to before {@code end}. */
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
