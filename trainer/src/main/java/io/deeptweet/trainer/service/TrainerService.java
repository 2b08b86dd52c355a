// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.service.start.ServiceStart;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** Starts and stops the trainer. */
@Singleton
@Default
public class TrainerService implements QuarkusApplication {
    private final TrainerConfig config;
    private final Map<String, Object> kafka;
    private final ServiceStart start;
    private final TrainerMetrics metrics;
    private volatile Optional<StartedTrainer> started = Optional.empty();

    @Inject
    TrainerService(
            TrainerConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            ServiceStart start,
            TrainerMetrics metrics) {
        this.config = config;
        this.kafka = kafka;
        this.start = start;
        this.metrics = metrics;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        if (!start()) return 1;
        Quarkus.waitForExit();
        started.ifPresent(StartedTrainer::close);
        return 0;
    }

    /** Returns whether the trainer has started; if not, the log says why. */
    boolean start() {
        return start.run("the trainer", () -> {
            Settings settings = Settings.of(config);
            start.awaitTopics(settings.topics());
            start.awaitRegistry();
            StartedTrainer trainer = StartedTrainer.start(kafka, settings, metrics);
            metrics.follow(trainer.rounds());
            started = Optional.of(trainer);
        });
    }

    /** The parts of the trainer; empty until it has started. */
    Optional<StartedTrainer> started() {
        return started;
    }
}
