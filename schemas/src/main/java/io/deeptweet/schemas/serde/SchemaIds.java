// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;

/** The ids of schemas on the wire: from a registry, or in tests from memory. Implementations are thread-safe. */
public interface SchemaIds {
    /**
     * The ids of a Confluent Schema Registry, or of one with the same REST API. A service creates one instance, which
     * its serdes share.
     *
     * @param configs Kafka client settings with {@code schema.registry.url}, and optionally those of the registry's
     *     client: {@code basic.auth.*}, {@code bearer.auth.*}, {@code schema.registry.ssl.*},
     *     {@code http.*.timeout.ms}, {@code auto.register.schemas}, {@code max.retries}, {@code retries.wait.ms},
     *     {@code retries.max.wait.ms}
     * @throws ConfigException if the address is missing or a setting is wrong
     */
    static SchemaIds ofRegistry(Map<String, ?> configs) {
        return new RegistrySchemaIds(configs);
    }

    /**
     * Checks once, without retries, that the registry answers as a registry does. Registers nothing.
     *
     * @param configs as in {@link #ofRegistry}
     * @throws RegistryUnavailableException if it does not
     * @throws ConfigException if the address is missing or a setting is wrong
     */
    static void checkRegistry(Map<String, ?> configs) {
        Map<String, Object> once = new HashMap<>(configs);
        once.put("max.retries", 0);
        try {
            ofRegistry(once).byId(Integer.MAX_VALUE);
        } catch (SerializationException e) {
            // The expected answer: there is no schema with this id.
        }
    }

    /**
     * The id of a schema under a subject. Registers the schema if it is new.
     *
     * @throws SerializationException if the subject refuses the schema
     * @throws RegistryUnavailableException if the registry does not answer
     */
    int idOf(String subject, Schema schema);

    /**
     * The schema with this id.
     *
     * @throws SerializationException if there is no such id
     * @throws RegistryUnavailableException if the registry does not answer
     */
    Schema byId(int id);
}
