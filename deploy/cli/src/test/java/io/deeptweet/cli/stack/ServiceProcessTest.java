// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceProcessTest {
    /** Every setting of Kafka's clients and of the registry's becomes the variable that Quarkus reads it from. */
    @Test
    void clientSettingsReachTheServicesByTheEnvironment() {
        assertThat(ServiceProcess.environment(Map.of(
                        "sasl.jaas.config",
                        "secret",
                        "schema.registry.url",
                        "http://r",
                        "basic.auth.user.info",
                        "u:p")))
                .isEqualTo(Map.of(
                        "KAFKA_SASL_JAAS_CONFIG",
                        "secret",
                        "KAFKA_SCHEMA_REGISTRY_URL",
                        "http://r",
                        "KAFKA_BASIC_AUTH_USER_INFO",
                        "u:p"));
    }
}
