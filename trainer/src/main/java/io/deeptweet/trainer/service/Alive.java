// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.service;

import io.deeptweet.trainer.round.Rounds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Alive, unless nothing runs rounds any more. */
@Liveness
@ApplicationScoped
public class Alive implements HealthCheck {
    @Inject
    TrainerService service;

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("rounds can run")
                .status(service.rounds().filter(Rounds::ended).isEmpty())
                .build();
    }
}
