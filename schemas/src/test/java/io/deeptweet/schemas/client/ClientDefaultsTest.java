// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientDefaultsTest {
    @Test
    void theDefaultsAreTheAddressesOfTheLocalStack() {
        assertThat(ClientDefaults.BOOTSTRAP_SERVERS).isEqualTo("localhost:9092");
        assertThat(ClientDefaults.REGISTRY_URL).isEqualTo("http://localhost:8081/apis/ccompat/v7");
    }

    @Test
    void environmentVariablesNameTheAddresses() {
        assertThat(ClientDefaults.ofEnvironment(Map.of())).isEmpty();
        assertThat(ClientDefaults.ofEnvironment(
                        Map.of("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092", "KAFKA_SCHEMA_REGISTRY_URL", "http://r")))
                .isEqualTo(Map.of("bootstrap.servers", "kafka:9092", "schema.registry.url", "http://r"));
    }

    @Test
    void theNameWithoutPrefixWinsAndBlankIsUnset() {
        assertThat(ClientDefaults.ofEnvironment(
                        Map.of("SCHEMA_REGISTRY_URL", "http://one", "KAFKA_SCHEMA_REGISTRY_URL", "http://two")))
                .isEqualTo(Map.of("schema.registry.url", "http://one"));
        assertThat(ClientDefaults.ofEnvironment(
                        Map.of("SCHEMA_REGISTRY_URL", " ", "KAFKA_SCHEMA_REGISTRY_URL", "http://two")))
                .isEqualTo(Map.of("schema.registry.url", "http://two"));
    }
}
