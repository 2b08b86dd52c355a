// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.client.ClientDefaults;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code META-INF/microprofile-config.properties} says takes effect when Quarkus builds and runs a service. */
@QuarkusTest
class SharedConfigurationIT {
    @TestHTTPResource("/q/health/ready")
    URI readiness;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Test
    void theAddressesAreThoseOfTheLocalStack() {
        assertThat(kafka)
                .containsEntry("bootstrap.servers", ClientDefaults.BOOTSTRAP_SERVERS)
                .containsEntry("schema.registry.url", ClientDefaults.REGISTRY_URL);
    }

    /** The extension's own check of Kafka is switched off at build time, HTTP/2 at run time. */
    @Test
    void readinessHasTheStartsCheckAloneOverHttp1() throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .build()
                .send(HttpRequest.newBuilder(readiness).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("\"start\"", "\"starting\"").doesNotContain("Kafka connection");
    }
}
