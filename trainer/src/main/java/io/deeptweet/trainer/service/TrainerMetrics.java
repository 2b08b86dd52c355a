// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.trainer.label.LabelStore;
import io.deeptweet.trainer.round.RoundObserver;
import io.deeptweet.trainer.round.RoundRunner;
import io.deeptweet.trainer.round.RoundStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.jboss.logging.Logger;

/** The trainer's metrics. */
@Singleton
public class TrainerMetrics implements RoundObserver {
    private static final Logger LOG = Logger.getLogger(TrainerMetrics.class);

    private final MeterRegistry registry;

    @Inject
    TrainerMetrics(MeterRegistry registry) {
        this.registry = registry;
        // Registered now, so that the first event is an increase from zero.
        for (LabelStore.Outcome outcome : LabelStore.Outcome.values()) labels(outcome.name());
        labels("removed");
        for (Rejection.Reason reason : Rejection.Reason.values()) rejected(reason);
        rounds(true);
        rounds(false);
    }

    /** Registers the gauges of the rounds' status. */
    void follow(RoundRunner rounds) {
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
                .description("Number of the running round; 0 if none runs")
                .register(registry);
        for (RoundStatus.State state : RoundStatus.State.values())
            Gauge.builder(
                            "deeptweet.trainer.state",
                            rounds,
                            following -> following.status().state() == state ? 1 : 0)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .description("1 for the state that the trainer is in, otherwise 0")
                    .register(registry);
    }

    @Override
    public void read(LabelStore.Outcome outcome) {
        labels(outcome.name()).increment();
    }

    @Override
    public void removed() {
        labels("removed").increment();
    }

    @Override
    public void rejected(Rejection rejection) {
        rejected(rejection.reason()).increment();
        if (LOG.isDebugEnabled())
            LOG.debugf("rejected %s: %s", rejection.origin(), UntrustedText.oneLine(rejection.detail()));
    }

    @Override
    public void ended(TrainingRound round) {
        rounds(round.getPublished()).record(Duration.between(round.getStartedAt(), round.getEndedAt()));
    }

    private Counter labels(String outcome) {
        return Counter.builder("deeptweet.labels")
                .tag("outcome", outcome.toLowerCase(Locale.ROOT))
                .description("Labels read; one that contradicts its tweet's label is corrected if it replaces that, "
                        + "and outranked if not")
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
                .description("Rounds, timed from their start to the decision")
                .register(registry);
    }
}
