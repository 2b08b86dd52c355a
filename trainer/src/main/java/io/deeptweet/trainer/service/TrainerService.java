// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.start.ServiceStart;
import io.deeptweet.service.start.StartFailureHandler;
import io.deeptweet.trainer.round.RoundPlan;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts and stops the trainer. */
@Singleton
@Default
public class TrainerService implements QuarkusApplication {
    private static final String NAME = "the trainer";

    private final TrainerSettings settings;
    private final Map<String, Object> kafka;
    private final ServiceStart start;
    private final TrainerMetrics metrics;
    private volatile Optional<StartedTrainer> started = Optional.empty();

    @Inject
    TrainerService(
            TrainerSettings settings,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            ServiceStart start,
            TrainerMetrics metrics) {
        this.settings = settings;
        this.kafka = kafka;
        this.start = start;
        this.metrics = metrics;
    }

    /** Runs the service until it is stopped. Returns the exit code: 1 if it could not start. */
    public static int serve() {
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(TrainerService.class, new StartFailureHandler(NAME, TrainerSettings.class, exitCode::set));
        return exitCode.get();
    }

    @Override
    public int run(String... arguments) {
        if (!start()) return 1;
        Quarkus.waitForExit();
        started.ifPresent(StartedTrainer::close);
        return 0;
    }

    /** Returns whether the trainer has started; if not, the log says why. */
    boolean start() {
        return start.run(NAME, () -> {
            Settings.checked(TrainerSettings.class);
            RoundPlan plan = RoundPlanFactory.of(settings);
            start.awaitTopics(settings.topics().setup());
            start.awaitRegistry();
            StartedTrainer trainer = StartedTrainer.start(kafka, settings, plan, metrics);
            metrics.follow(trainer.rounds());
            started = Optional.of(trainer);
        });
    }

    /** The parts of the trainer; empty until it has started. */
    Optional<StartedTrainer> started() {
        return started;
    }
}
