// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while Kafka does not acknowledge tweets: {@code reason} says why. */
@Singleton
@Readiness
class PublishCheck implements HealthCheck {
    private final IngestService service;

    @Inject
    PublishCheck(IngestService service) {
        this.service = service;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<String> failure = service.started()
                .flatMap(ingest -> ingest.publisher()
                        .currentFailure()
                        .or(() -> ingest.feeds().outage()));
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("publish").status(failure.isEmpty());
        failure.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }
}
