// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.model.score.Score;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * How a shadow's scores differ from the active model's: one for each pair of versions, from when it begins to when it
 * ends.
 */
final class Comparison {
    private static final Logger LOG = Logger.getLogger(Comparison.class);

    private final String active;
    private final String shadow;
    private final MeterRegistry registry;
    private final DistributionSummary difference;
    private final Counter disagreed;
    private final Counter failed;

    Comparison(String active, String shadow, MeterRegistry registry) {
        this.active = active;
        this.shadow = shadow;
        this.registry = registry;
        Tags tags = Tags.of("active", active, "shadow", shadow);
        difference = DistributionSummary.builder("deeptweet.shadow.difference")
                .tags(tags)
                .description("Absolute difference between the shadow's probability and the active model's")
                .register(registry);
        disagreed = Counter.builder("deeptweet.shadow.disagreed")
                .tags(tags)
                .description("Tweets whose sentiment the shadow sees otherwise")
                .register(registry);
        failed = Counter.builder("deeptweet.shadow.failed")
                .tags(tags)
                .description("Tweets that the shadow could not score")
                .register(registry);
    }

    boolean isOf(String active, String shadow) {
        return this.active.equals(active) && this.shadow.equals(shadow);
    }

    void take(Score one, Score other) {
        difference.record(Math.abs((double) one.probability() - other.probability()));
        if (one.positive() != other.positive()) disagreed.increment();
    }

    /** Said once: the next tweet fails likewise. */
    void failed(RuntimeException because) {
        if (failed.count() == 0)
            LOG.errorf("the shadow %s cannot score a tweet, which %s scores all the same: %s", shadow, active, because);
        failed.increment();
    }

    /** Takes the meters back. */
    void end() {
        List.<Meter>of(difference, disagreed, failed).forEach(registry::remove);
    }

    /**
     * As it is shown.
     *
     * @param version the shadow's
     * @param compared tweets that both have scored
     * @param disagreed share of them whose sentiment differs, in [0, 1]; empty while there are none
     * @param meanDifference mean absolute difference of the probabilities, in [0, 1]; empty while there are none
     * @param failed tweets that the shadow could not score
     */
    public record Summary(
            String version, long compared, Optional<Double> disagreed, Optional<Double> meanDifference, long failed) {}

    Summary summary() {
        long compared = difference.count();
        return compared == 0
                ? new Summary(shadow, 0, Optional.empty(), Optional.empty(), (long) failed.count())
                : new Summary(
                        shadow,
                        compared,
                        Optional.of(disagreed.count() / compared),
                        Optional.of(difference.totalAmount() / compared),
                        (long) failed.count());
    }
}
