package io.deeptweet.classifier.service;

import io.deeptweet.classifier.score.ActiveModel;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.apache.kafka.streams.KafkaStreams;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive unless the stream gave up; ready once a model is active and the stream runs. */
class Health {
  @Produces
  @Singleton
  @Liveness
  HealthCheck alive(StreamState state) {
    return () -> answer("stream", state.streams().map(KafkaStreams::state)
        .filter(found -> found == KafkaStreams.State.ERROR || found == KafkaStreams.State.PENDING_ERROR)
        .map(found -> "the stream gave up: see the log, and start the service again"));
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck modelIsActive(ActiveModel model, StreamState state) {
    return () -> answer("model", model.version().isPresent()
        ? Optional.empty()
        : Optional.of(state.watcher().flatMap(watcher -> watcher.fault()).orElse("no model is active: publish one and activate it")));
  }

  @Produces
  @Singleton
  @Readiness
  HealthCheck streamRuns(StreamState state) {
    return () -> answer("stream", state.streams().map(KafkaStreams::state).filter(found -> found == KafkaStreams.State.RUNNING).isPresent()
        ? Optional.empty()
        : Optional.of("the stream is " + state.name()));
  }

  private static HealthCheckResponse answer(String name, Optional<String> fault) {
    HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(fault.isEmpty());
    fault.ifPresent(reason -> response.withData("reason", reason));
    return response.build();
  }
}
