// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Finds tweets that show what an alert is about. */
final class AlertExamples {
    private static final Logger LOG = Logger.getLogger(AlertExamples.class);
    private static final int MOST = 3;

    private final Supplier<Optional<TweetSearch>> tweets;

    AlertExamples(Supplier<Optional<TweetSearch>> tweets) {
        this.tweets = tweets;
    }

    /** The newest tweets of the alert's feed and window, negative ones if it is about them; none if it has none. */
    List<TweetAnswer> of(Alert alert) {
        if (alert.getFeed().isEmpty() || alert.getWindowStart().isEmpty()) return List.of();
        String feed = alert.getFeed().get();
        boolean negative = Rule.isOnNegative(alert.getCondition());
        try {
            return tweets.get()
                    .map(search -> search.newest(
                                    alert.getWindowStart(),
                                    alert.getWindowEnd(),
                                    tweet -> tweet.getFeed().equals(feed)
                                            && (!negative || tweet.getSentiment() == Sentiment.NEGATIVE),
                                    MOST)
                            .tweets())
                    .orElse(List.of());
        } catch (RuntimeException e) { // an alert without examples is better than none
            LOG.warnf("an alert has no example tweets: %s", UntrustedText.oneLine(String.valueOf(e.getMessage())));
            return List.of();
        }
    }
}
