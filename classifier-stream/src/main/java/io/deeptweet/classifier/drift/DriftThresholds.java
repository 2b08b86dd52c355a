// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import io.deeptweet.classifier.model.ModelReferences;
import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.DriftWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How drift is measured, and the values above which a feed drifts.
 *
 * @param window size of the windows in which drift is measured; positive
 * @param leastTweets number of tweets from which on a window is judged; at least 1
 * @param uncertainTenths a tweet whose two most probable classes differ by less than two tenths for each of these is
 *     uncertain; of two classes, the probability is then within as many tenths of 0.5; 1 to 5
 * @param unknown largest share of unknown tokens without an alarm, in [0, 1]
 * @param uncertain largest share of uncertain tweets without an alarm, in [0, 1]
 * @param psi largest population stability index without an alarm; 0 or more
 */
public record DriftThresholds(
        Duration window, long leastTweets, int uncertainTenths, double unknown, double uncertain, double psi) {
    public DriftThresholds {
        require(!window.isNegative() && !window.isZero(), "window", window);
        require(leastTweets >= 1, "leastTweets", leastTweets);
        require(uncertainTenths >= 1 && uncertainTenths <= 5, "uncertainTenths", uncertainTenths);
        require(unknown >= 0 && unknown <= 1, "unknown", unknown);
        require(uncertain >= 0 && uncertain <= 1, "uncertain", uncertain);
        require(psi >= 0, "psi", psi);
    }

    /**
     * Measures the drift of a feed's tweets in the window from {@code start} on.
     *
     * @return the measures, with an alarm for each that exceeds its threshold
     */
    public DriftWindow judge(String feed, Instant start, SentimentAggregate tweets, ModelReferences references) {
        double unknownRate = tweets.tokens() == 0 ? 0 : (double) tweets.unknown() / tweets.tokens();
        double uncertainShare = tweets.count() == 0 ? 0 : (double) tweets.uncertain(uncertainTenths) / tweets.count();
        Optional<Double> index =
                references.expected(tweets.versions()).map(tweets.histograms()::populationStabilityIndex);
        List<String> alarms = new ArrayList<>();
        if (tweets.count() >= leastTweets) {
            if (unknownRate > unknown) alarms.add("unknown");
            if (uncertainShare > uncertain) alarms.add("uncertain");
            if (index.filter(found -> found > psi).isPresent()) alarms.add("psi");
        }
        return new DriftWindow(
                feed,
                start,
                start.plus(window),
                tweets.count(),
                unknownRate,
                uncertainShare,
                new io.deeptweet.schemas.ClassHistograms(
                        tweets.histograms().of(SentimentClass.NEGATIVE).counts(),
                        tweets.histograms().of(SentimentClass.NEUTRAL).counts(),
                        tweets.histograms().of(SentimentClass.POSITIVE).counts()),
                index.orElse(null),
                new TreeMap<>(tweets.versions()),
                alarms);
    }

    private static void require(boolean fine, String name, Object value) {
        if (!fine) throw new IllegalArgumentException(name + " must not be " + value);
    }
}
