// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.metrics;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.schemas.text.UntrustedText;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/** Compares a shadow's scores with the active model's, for as long as this pair of versions is in use. */
final class ShadowComparison {
    private static final Logger LOG = Logger.getLogger(ShadowComparison.class);

    private final String active;
    private final String shadow;
    private final MeterRegistry registry;
    private final DistributionSummary difference;
    private final Counter disagreed;
    private final Counter failed;

    ShadowComparison(String active, String shadow, MeterRegistry registry) {
        this.active = active;
        this.shadow = shadow;
        this.registry = registry;
        Tags tags = Tags.of("active", active, "shadow", shadow);
        difference = DistributionSummary.builder("deeptweet.shadow.difference")
                .tags(tags)
                .description(
                        "Total variation distance between the shadow's probabilities and the active model's, 0 to 1")
                .register(registry);
        disagreed = Counter.builder("deeptweet.shadow.disagreed")
                .tags(tags)
                .description("Tweets to which the shadow gives another sentiment than the active model")
                .register(registry);
        failed = Counter.builder("deeptweet.shadow.failed")
                .tags(tags)
                .description("Tweets that the shadow could not score")
                .register(registry);
    }

    boolean isOf(String activeVersion, String shadowVersion) {
        return active.equals(activeVersion) && shadow.equals(shadowVersion);
    }

    void add(Score activeScore, Score shadowScore) {
        double distance = 0;
        for (SentimentClass sentiment : SentimentClass.values())
            distance += Math.abs((double) activeScore.of(sentiment) - shadowScore.of(sentiment)) / 2;
        difference.record(distance);
        if (activeScore.sentiment() != shadowScore.sentiment()) disagreed.increment();
    }

    /** Logs the first failure only, because every tweet is likely to fail in the same way. */
    void addFailure(RuntimeException cause) {
        if (failed.count() == 0)
            LOG.errorf(
                    "shadow %s cannot score a tweet; %s goes on scoring all tweets: %s",
                    UntrustedText.oneLine(shadow),
                    UntrustedText.oneLine(active),
                    UntrustedText.oneLine(cause.toString()));
        failed.increment();
    }

    /** Removes the meters of this pair. */
    void end() {
        List.<Meter>of(difference, disagreed, failed).forEach(registry::remove);
    }

    ShadowSummary summary() {
        long compared = difference.count();
        Optional<Double> disagreement = compared == 0 ? Optional.empty() : Optional.of(disagreed.count() / compared);
        Optional<Double> meanDifference =
                compared == 0 ? Optional.empty() : Optional.of(difference.totalAmount() / compared);
        return new ShadowSummary(shadow, compared, disagreement, meanDifference, (long) failed.count());
    }
}
