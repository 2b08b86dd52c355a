// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** Starts and stops the trainer: creates missing topics, then starts the {@linkplain StartedTrainer parts}. */
@Singleton
@Default
public class TrainerService implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(TrainerService.class);

    private final TrainerConfig config;
    private final Map<String, Object> kafka;
    private final TrainerMetrics metrics;
    private volatile Optional<StartedTrainer> started = Optional.empty();

    @Inject
    TrainerService(
            TrainerConfig config,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            TrainerMetrics metrics) {
        this.config = config;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        try {
            start();
        } catch (KafkaException | IllegalArgumentException e) {
            LOG.errorf("the trainer cannot start: %s", e.getMessage());
            return 1;
        }
        Quarkus.waitForExit();
        started.ifPresent(StartedTrainer::close);
        return 0;
    }

    void start() {
        Settings settings = Settings.of(config);
        try (Admin admin = Admin.create(kafka)) {
            TopicSetup.Outcome outcome = settings.topics().ensure(admin);
            if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
            for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
        }
        StartedTrainer trainer = StartedTrainer.start(kafka, settings, metrics);
        metrics.follow(trainer.rounds());
        started = Optional.of(trainer);
    }

    /** The parts of the trainer; empty until it has started. */
    Optional<StartedTrainer> started() {
        return started;
    }
}
