// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.model.ModelWatcher;
import io.deeptweet.classifier.stream.SentimentStream;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/**
 * Live unless the stream has failed for good, when the process is about to end; ready if a model is active and the
 * stream runs.
 */
class HealthChecks {
    @Produces
    @Singleton
    @Liveness
    HealthCheck streamIsAlive(ClassifierState state) {
        return () -> response(
                        "stream",
                        state.stream()
                                .filter(SentimentStream::failed)
                                .map(stream -> "the stream stopped for good, and the process ends: see the log"))
                .build();
    }

    /** While the topic cannot be read, the active model continues: the fault is shown, but the service stays ready. */
    @Produces
    @Singleton
    @Readiness
    HealthCheck modelIsActive(ActiveModel model, ClassifierState state) {
        return () -> {
            Optional<String> fault = state.watcher().flatMap(ModelWatcher::fault);
            Optional<String> version = model.version();
            HealthCheckResponseBuilder response =
                    response("model", version.isPresent() ? Optional.empty() : Optional.of("no model is active"));
            version.ifPresent(active -> response.withData("version", active));
            fault.ifPresent(reason -> response.withData("new models are not seen", reason));
            return response.build();
        };
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck streamRuns(ClassifierState state) {
        return () -> response("stream", state.hindrance()).build();
    }

    private static HealthCheckResponseBuilder response(String name, Optional<String> fault) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(fault.isEmpty());
        fault.ifPresent(reason -> response.withData("reason", reason));
        return response;
    }
}
