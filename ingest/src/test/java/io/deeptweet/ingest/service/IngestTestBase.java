// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the {@code @QuarkusTest} classes share: the service, its HTTP API, and what it has published. */
@WithTestResource(SharedKafkaResource.class)
abstract class IngestTestBase {
    @TestHTTPResource
    URI base;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @ConfigProperty(name = "kafka.schema.registry.url")
    String registryUrl;

    IngestClient ingest() {
        return new IngestClient(base);
    }

    PublishedRecords records() {
        return new PublishedRecords(bootstrapServers, registryUrl);
    }
}
