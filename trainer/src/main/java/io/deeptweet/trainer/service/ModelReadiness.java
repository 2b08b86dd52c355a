// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.schemas.published.ModelLog;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once a model is active: without one, no tweet is scored and no round can start. */
@Singleton
@Readiness
public class ModelReadiness implements HealthCheck {
    private final TrainerService service;
    private volatile boolean ready;

    @Inject
    ModelReadiness(TrainerService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> fault = ready ? Optional.empty() : fault();
        ready = fault.isEmpty();
        var response = HealthCheckResponse.named("a model is active").status(ready);
        fault.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }

    private Optional<String> fault() {
        if (service.started().isEmpty()) return Optional.of("starting");
        if (service.started().get().modelActive()) return Optional.empty();
        try {
            ModelLog log = service.started().get().models().readIndex(); // a command may have activated one meanwhile
            return log.activation().isPresent()
                    ? Optional.empty()
                    : Optional.of("no model is active: activate one that the command models lists");
        } catch (KafkaException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
