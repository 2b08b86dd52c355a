// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.drift;

import io.deeptweet.classifier.window.SentimentAggregate;
import io.deeptweet.schemas.DriftWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What drift is measured by, and from where on it is too much.
 *
 * @param window size of the windows that it is measured in
 * @param leastTweets how many tweets a window holds before it is judged: a few tell nothing
 * @param uncertainTenths how many tenths to either side of 0.5 a probability counts as uncertain, 1 to 5
 * @param unknown largest share of unknown tokens, in [0, 1]
 * @param uncertain largest share of uncertain tweets, in [0, 1]
 * @param psi largest population stability index
 */
public record DriftLimits(
        Duration window, long leastTweets, int uncertainTenths, double unknown, double uncertain, double psi) {
    /** A feed's tweets of the window from {@code start} on, judged. */
    public DriftWindow judge(String feed, Instant start, SentimentAggregate tweets, ReferenceScores references) {
        double unknownRate = tweets.tokens() == 0 ? 0 : (double) tweets.unknown() / tweets.tokens();
        double uncertainShare =
                tweets.count() == 0 ? 0 : (double) tweets.histogram().middle(uncertainTenths) / tweets.count();
        Optional<Double> index =
                references.expected(tweets.versions()).map(tweets.histogram()::populationStabilityIndex);
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
                tweets.histogram().counts(),
                index.orElse(null),
                new TreeMap<>(tweets.versions()),
                alarms);
    }
}
