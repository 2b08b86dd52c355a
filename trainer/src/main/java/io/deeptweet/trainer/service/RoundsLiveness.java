// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Not live once the thread that runs rounds has ended with an error: only a restart helps. */
@Liveness
@ApplicationScoped
public class RoundsLiveness implements HealthCheck {
    private final TrainerService service;

    @Inject
    RoundsLiveness(TrainerService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("rounds can run")
                .status(service.started()
                        .filter(started -> started.rounds().failed())
                        .isEmpty())
                .build();
    }
}
