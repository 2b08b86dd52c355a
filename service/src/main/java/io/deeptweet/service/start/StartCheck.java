// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.start;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready until the service has started: {@code reason} says what it waits for. */
@Singleton
@Readiness
class StartCheck implements HealthCheck {
    private final ServiceStart start;

    @Inject
    StartCheck(ServiceStart start) {
        this.start = start;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> hindrance = start.hindrance();
        HealthCheckResponseBuilder response = HealthCheckResponse.named("start").status(hindrance.isEmpty());
        hindrance.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
