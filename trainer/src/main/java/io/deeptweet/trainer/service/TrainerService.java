package io.deeptweet.trainer.service;

import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.topic.TopicDifference;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.trainer.publish.Artefacts;
import io.deeptweet.trainer.publish.ModelTopic;
import io.deeptweet.trainer.publish.ModelTopic.Publication;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

/**
 * The trainer as a service: sees to it that the topics exist and that some model is active.
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
  private volatile boolean started;
  private volatile Optional<String> fault = Optional.of("starting");

  @Inject
  TrainerService(TrainerConfig config, @Identifier("default-kafka-broker") Map<String, Object> kafka) {
    this.config = config;
    this.kafka = kafka;
  }

  /** Runs until the service is stopped; 1 if it could not start. */
  @Override
  public int run(String... arguments) {
    try {
      if (config.keepModels() < 1) throw new IllegalArgumentException("deeptweet.keep-models is " + config.keepModels() + ": use 1 or more");
      setUp();
    } catch (KafkaException | IllegalArgumentException e) {
      LOG.errorf("the trainer cannot start: %s", e.getMessage());
      return 1;
    }
    Quarkus.waitForExit();
    return 0;
  }

  private void setUp() {
    try (Admin admin = Admin.create(kafka)) {
      TopicSetup.Outcome outcome = TopicSetup.of(config.topics().partitions(), config.topics().replicationFactor()).ensure(admin);
      if (!outcome.created().isEmpty()) LOG.infof("created topics %s", String.join(", ", outcome.created()));
      for (TopicDifference difference : outcome.differences()) LOG.warn(difference);
    }
    ModelTopic models = models();
    ModelLog log = models.read();
    if (log.manifests().isEmpty() && config.publishDefault()) {
      Publication done = models.publish(Artefacts.published(Artefacts.shipped()), Optional.of("the model that DeepTweet ships, for the topic held none"));
      LOG.infof("published the default model %s in %d records", done.version(), done.records());
      log = models.read();
    }
    judge(log);
    started = true;
  }

  private void judge(ModelLog log) {
    fault = log.activation().isPresent() ? Optional.empty() : Optional.of("no model is active: activate one of those that the command models lists");
  }

  private ModelTopic models() {
    return new ModelTopic(kafka, Clock.systemUTC(), config.keepModels());
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
