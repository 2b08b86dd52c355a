// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.metrics.DriftSummary;
import io.deeptweet.classifier.metrics.ModelMetrics;
import io.deeptweet.classifier.metrics.ShadowSummary;
import io.deeptweet.classifier.metrics.StreamMetrics;
import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.stream.SentimentStream;
import io.deeptweet.service.security.Roles;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What this instance does, for people and scripts. */
@Path("/status")
public class StatusResource {
    private final ClassifierSettings settings;
    private final ActiveModel model;
    private final ClassifierState state;
    private final ModelMetrics models;

    @Inject
    StatusResource(ClassifierSettings settings, ActiveModel model, ClassifierState state, ModelMetrics models) {
        this.settings = settings;
        this.model = model;
        this.state = state;
        this.models = models;
    }

    /**
     * The answer.
     *
     * @param state {@code WAITING} (for Kafka or a model) or the state of Kafka Streams
     * @param activeModel the active version; empty if there is none
     * @param since when it was swapped in, an ISO instant; empty if there is none
     * @param shadow how the shadow compares with the active model; null if there is no shadow
     * @param scored tweets scored by this instance since its start
     * @param rejected records rejected by this instance since its start
     * @param duplicates duplicates dropped by this instance since its start
     * @param lag records in this instance's partitions that wait; null until it is known
     * @param refusedModels the last refusals, the oldest first
     * @param drift the drift of the feeds that this instance measures
     * @param windowSizes sizes of the windows in ascending order, ISO 8601
     * @param hoppingSizes those of them that are hopping windows
     * @param instances host and port of each instance of the application, including this one
     */
    public record Status(
            String state,
            String activeModel,
            String since,
            Optional<ShadowSummary> shadow,
            long scored,
            long rejected,
            long duplicates,
            OptionalLong lag,
            List<String> refusedModels,
            List<DriftSummary> drift,
            List<String> windowSizes,
            List<String> hoppingSizes,
            List<String> instances) {}

    @GET
    @RolesAllowed({Roles.VIEWER, Roles.OPERATOR})
    public Status status() {
        return new Status(
                state.state(),
                model.version().orElse(""),
                models.activeSince().map(Object::toString).orElse(""),
                models.shadow(),
                state.metrics().map(StreamMetrics::scored).orElse(0L),
                state.metrics().map(StreamMetrics::rejected).orElse(0L),
                state.metrics().map(StreamMetrics::duplicates).orElse(0L),
                state.stream().map(SentimentStream::lag).orElse(OptionalLong.empty()),
                models.refusals(),
                state.metrics().map(StreamMetrics::drift).orElse(List.of()),
                StreamFactory.allWindows(settings).stream()
                        .map(Duration::toString)
                        .toList(),
                StreamFactory.hopping(settings).keySet().stream()
                        .sorted()
                        .map(Duration::toString)
                        .toList(),
                state.stream().map(SentimentStream::instances).orElse(List.of()));
    }
}
