// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.reload.ModelWatcher;
import io.deeptweet.classifier.score.ActiveModel;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;

/** Alive unless the stream gave up or nobody follows the models; ready once a model is active and the stream runs. */
class Health {
    @Produces
    @Singleton
    @Liveness
    HealthCheck streamIsAlive(Running running) {
        return () -> answer(
                        "stream",
                        running.stream()
                                .filter(SentimentStream::gaveUp)
                                .map(stream -> "the stream stopped for good: see the log, and start the service again"))
                .build();
    }

    @Produces
    @Singleton
    @Liveness
    HealthCheck modelsAreFollowed(Running running) {
        return () -> answer(
                        "models",
                        running.watcher()
                                .filter(ModelWatcher::ended)
                                .map(watcher ->
                                        "new models are not seen any more: see the log, and start the service again"))
                .build();
    }

    /**
     * A model that is active scores on while the topic cannot be read, so that is told, but no reason to be not ready.
     */
    @Produces
    @Singleton
    @Readiness
    HealthCheck modelIsActive(ActiveModel model, Running running) {
        return () -> {
            Optional<String> fault = running.watcher().flatMap(ModelWatcher::fault);
            HealthCheckResponseBuilder answer = model.version().isPresent()
                    ? answer("model", Optional.empty())
                            .withData("version", model.version().get())
                    : answer("model", Optional.of("no model is active"));
            fault.ifPresent(because -> answer.withData("new models are not seen", because));
            return answer.build();
        };
    }

    @Produces
    @Singleton
    @Readiness
    HealthCheck streamRuns(Running running) {
        return () -> answer("stream", running.hindrance()).build();
    }

    private static HealthCheckResponseBuilder answer(String name, Optional<String> fault) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(name).status(fault.isEmpty());
        fault.ifPresent(reason -> response.withData("reason", reason));
        return response;
    }
}
