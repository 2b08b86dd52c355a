// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.score.ActiveModel;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Optional;
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
     * @param shadow how the model that scores for comparison only does; null if there is none
     * @param scored tweets scored by this instance since its start
     * @param rejected records rejected by this instance since its start
     * @param lag records of this instance's partitions that wait; null until it is known
     * @param refusedModels the last refusals, the oldest first
     * @param drift of the feeds that this instance measures
     * @param instances host and port of each instance that shares the work, this one among them
     */
    public record Status(
            String state,
            String activeModel,
            String since,
            Optional<Comparison.Summary> shadow,
            long scored,
            long rejected,
            OptionalLong lag,
            List<String> refusedModels,
            List<DriftGauges.Summary> drift,
            List<String> instances) {}

    @GET
    public Status status() {
        return new Status(
                running.state(),
                model.version().orElse(""),
                meters.since().map(Object::toString).orElse(""),
                meters.shadow(),
                meters.scored(),
                meters.rejected(),
                running.stream().map(SentimentStream::lag).orElse(OptionalLong.empty()),
                meters.refusals(),
                meters.drift(),
                running.stream().map(SentimentStream::instances).orElse(List.of()));
    }
}
