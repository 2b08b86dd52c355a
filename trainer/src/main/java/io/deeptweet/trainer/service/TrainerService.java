// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.label.LabelCandidates;
import io.deeptweet.trainer.label.LabelPublisher;
import io.deeptweet.trainer.network.NativeThreads;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import io.deeptweet.trainer.round.Rounds;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * The trainer as a service: sees to it that the topics exist and that some model is active, takes labels, and runs
 * rounds of fine-tuning.
 *
 * <p>Ready once a model is active, for without one no tweet is scored.
 */
@Singleton
@Default
@Readiness
public class TrainerService implements QuarkusApplication, HealthCheck {
    private static final Logger LOG = Logger.getLogger(TrainerService.class);

    private final TrainerConfig config;
    private final Map<String, Object> kafka;
    private final Meters meters;
    private volatile Settings settings;
    private volatile Optional<LabelPublisher> publisher = Optional.empty();
    private volatile Optional<Rounds> rounds = Optional.empty();
    private volatile boolean started;
    private volatile Optional<String> fault = Optional.of("starting");

    @Inject
    TrainerService(TrainerConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka, Meters meters) {
        this.config = config;
        this.kafka = kafka;
        this.meters = meters;
    }

    /** Runs until the service is stopped; 1 if it could not start. */
    @Override
    public int run(String... arguments) {
        try {
            settings = Settings.of(config);
            NativeThreads.limit(settings.threads());
            setUp();
        } catch (KafkaException | IllegalArgumentException e) {
            LOG.errorf("the trainer cannot start: %s", e.getMessage());
            return 1;
        }
        Quarkus.waitForExit();
        rounds.ifPresent(Rounds::close);
        publisher.ifPresent(LabelPublisher::close);
        return 0;
    }

    private void setUp() {
        try (Admin admin = Admin.create(kafka)) {
            TopicSetup.Outcome outcome = settings.topics().ensure(admin);
            if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
            for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
        }
        ModelTopic models = models();
        ModelLog log = models.read();
        if (log.manifests().isEmpty() && config.publishDefault()) {
            Publication done = models.publish(
                    Artefacts.published(Artefacts.shipped()),
                    Optional.of("the model that DeepTweet ships, for the topic held none"));
            LOG.infof("published the default model %s in %d records", done.version(), done.records());
            log = models.read();
        }
        judge(log);
        publisher = Optional.of(new LabelPublisher(kafka, settings.push().timeout()));
        rounds = Optional.of(new Rounds(kafka, models, settings.rounds(), meters, Clock.systemUTC()));
        rounds.ifPresent(meters::follow);
        rounds.ifPresent(Rounds::start);
        started = true;
    }

    private void judge(ModelLog log) {
        fault = log.activation().isPresent()
                ? Optional.empty()
                : Optional.of("no model is active: activate one of those that the command models lists");
    }

    private ModelTopic models() {
        return new ModelTopic(kafka, Clock.systemUTC(), settings.keepModels());
    }

    Settings settings() {
        return settings;
    }

    /** Takes labels; empty until the service has started. */
    Optional<LabelPublisher> publisher() {
        return publisher;
    }

    /** Runs the rounds; empty until the service has started. */
    Optional<Rounds> rounds() {
        return rounds;
    }

    /** The last scored tweets. */
    Collection<ScoredTweet> scored() {
        return LabelCandidates.scored(
                kafka, SchemaIds.ofRegistry(kafka), settings.push().wantedFrom());
    }

    /** What the model topic holds now. */
    ModelLog log() {
        ModelLog log = models().read();
        judge(log);
        return log;
    }

    @Override
    public HealthCheckResponse call() {
        if (started && fault.isPresent()) {
            try {
                log(); // somebody else may have activated one
            } catch (KafkaException e) {
                fault = Optional.of(e.getMessage());
            }
        }
        var response = HealthCheckResponse.named("a model is active").status(fault.isEmpty());
        fault.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
