// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.trainer.label.Labels;
import io.deeptweet.trainer.round.Rounds;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/** Counts what the trainer does, as metrics. */
@Singleton
public class Meters implements Rounds.Observer {
    private static final Logger LOG = Logger.getLogger(Meters.class);

    private final MeterRegistry registry;

    @Inject
    Meters(MeterRegistry registry) {
        this.registry = registry;
        // So that a first one is seen as an increase from zero.
        for (Labels.Outcome outcome : Labels.Outcome.values()) labels(outcome.name());
        labels("removed");
        for (Rejection.Reason reason : Rejection.Reason.values()) rejected(reason);
        rounds(true);
        rounds(false);
    }

    /** From now on tells of these too. */
    void follow(Rounds rounds) {
        Gauge.builder(
                        "deeptweet.labels.new",
                        rounds,
                        following -> following.status().newLabels())
                .description("Labels that no round has consumed")
                .register(registry);
        Gauge.builder(
                        "deeptweet.labels.earlier",
                        rounds,
                        following -> following.status().earlierLabels())
                .description("Earlier labels that are kept in memory")
                .register(registry);
        Gauge.builder(
                        "deeptweet.round.running",
                        rounds,
                        following -> following.status().round())
                .description("The number of the round that runs; 0 if none does")
                .register(registry);
        for (Rounds.State state : Rounds.State.values())
            Gauge.builder(
                            "deeptweet.trainer.state",
                            rounds,
                            following -> following.status().state() == state ? 1 : 0)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .description("1 for what the trainer does")
                    .register(registry);
    }

    @Override
    public void read(Labels.Outcome outcome) {
        labels(outcome.name()).increment();
    }

    @Override
    public void removed() {
        labels("removed").increment();
    }

    @Override
    public void rejected(Rejection rejection) {
        rejected(rejection.reason()).increment();
        LOG.debugf("rejected %s: %s", rejection.origin(), rejection.detail());
    }

    @Override
    public void ended(TrainingRound round) {
        rounds(round.getPublished()).record(Duration.between(round.getStartedAt(), round.getEndedAt()));
    }

    private Counter labels(String outcome) {
        return Counter.builder("deeptweet.labels")
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .description(
                        "Labels read; those that contradict an earlier one of their tweet are corrected if they hold, outranked if not")
                .register(registry);
    }

    private Counter rejected(Rejection.Reason reason) {
        return Counter.builder("deeptweet.rejected")
                .tag("reason", reason.code())
                .description("Records of tweets.labeled written to tweets.rejected")
                .register(registry);
    }

    private Timer rounds(boolean published) {
        return Timer.builder("deeptweet.rounds")
                .tag("outcome", published ? "published" : "withheld")
                .description("Rounds, from their start to the decision")
                .register(registry);
    }
}
