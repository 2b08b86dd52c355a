package io.deeptweet.classifier.service;

import io.deeptweet.classifier.score.ActiveModel;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.OptionalLong;

/** What this instance does just now, for people and scripts. */
@Path("/status")
public class StatusResource {
  private final ActiveModel model;
  private final Running running;
  private final Meters meters;

  @Inject
  StatusResource(ActiveModel model, Running running, Meters meters) {
    this.model = model;
    this.running = running;
    this.meters = meters;
  }

  /**
   * @param state {@code WAITING} (for Kafka or for a model) or the state of Kafka Streams
   * @param activeModel the version that scores; empty if none
   * @param since ISO instant from which on it does
   * @param scored tweets scored by this instance since its start
   * @param rejected records rejected by this instance since its start
   * @param lag records of this instance's partitions that wait; null until it is known
   * @param refusedModels the last refusals, the oldest first
   */
  public record Status(String state, String activeModel, String since, long scored, long rejected, OptionalLong lag, List<String> refusedModels) {}

  @GET
  public Status status() {
    return new Status(
        running.state(), model.version().orElse(""), meters.since().map(Object::toString).orElse(""), meters.scored(), meters.rejected(), running.stream().map(SentimentStream::lag).orElse(OptionalLong.empty()), meters.refusals());
  }
}
