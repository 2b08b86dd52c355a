// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Starts the service in {@code @QuarkusTest} classes: Quarkus does not call {@link IngestService#run} there. */
@Singleton
public class StartInTests {
    void start(@Observes StartupEvent event, IngestService service) {
        assertThat(service.start())
                .as("the service has started; otherwise its log says why")
                .isTrue();
    }
}
