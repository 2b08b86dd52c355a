// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.client;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The addresses of Kafka and of the schema registry where nobody names others: those of {@code deeptweet up}. The same
 * for services and commands.
 */
public final class ClientDefaults {
    /** The broker's usual port. */
    public static final int BROKER_PORT = 9092;

    /** The registry's usual port. */
    public static final int REGISTRY_PORT = 8081;

    /** Default of {@code bootstrap.servers}. */
    public static final String BOOTSTRAP_SERVERS = "localhost:" + BROKER_PORT;

    /** Default of {@code schema.registry.url}: Apicurio Registry's implementation of Confluent's API. */
    public static final String REGISTRY_URL = "http://localhost:" + REGISTRY_PORT + "/apis/ccompat/v7";

    private ClientDefaults() {}

    /**
     * The client settings that environment variables give: {@code bootstrap.servers} from
     * {@code KAFKA_BOOTSTRAP_SERVERS}, and {@code schema.registry.url} from {@code SCHEMA_REGISTRY_URL} or else
     * {@code KAFKA_SCHEMA_REGISTRY_URL}. Variables that are unset or blank give nothing.
     *
     * @param environment {@link System#getenv()}
     */
    public static Map<String, String> ofEnvironment(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        variable(environment, "KAFKA_BOOTSTRAP_SERVERS")
                .ifPresent(servers -> settings.put("bootstrap.servers", servers));
        variable(environment, "SCHEMA_REGISTRY_URL")
                .or(() -> variable(environment, "KAFKA_SCHEMA_REGISTRY_URL"))
                .ifPresent(url -> settings.put("schema.registry.url", url));
        return settings;
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
