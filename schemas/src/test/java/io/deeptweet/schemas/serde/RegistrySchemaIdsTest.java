// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistrySchemaIdsTest {
    /** Kafka's default of {@code max.poll.interval.ms}, after which a stream thread is taken for dead. */
    private static final Duration POLL_INTERVAL = Duration.ofMinutes(5);

    /** The interceptor and the topology meet the fault one after the other, within one poll. */
    @Test
    void twoCallsEndWellBeforeAStreamThreadIsTakenForDead() {
        assertThat(RegistrySchemaIds.TIME_LIMIT.multipliedBy(3)).isLessThan(POLL_INTERVAL);
    }

    @Test
    void aRegistryThatAcceptsAndNeverAnswersIsUnavailable() throws Exception {
        try (ServerSocket blackHole = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            SchemaIds ids = SchemaIds.ofRegistry(Map.of(
                    "schema.registry.url",
                    "http://localhost:" + blackHole.getLocalPort(),
                    "max.retries",
                    1000,
                    "retries.wait.ms",
                    1000));
            assertThatThrownBy(() -> ids.byId(1))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("cannot be reached");
        }
    }

    @Test
    void anAvroSchemaThatTheParserRefusesMakesTheRecordInvalidAndIsAskedForOnce() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer registry = registry("{\"type\": \"recrd\"}", number -> true, requests);
        try {
            SchemaIds ids = SchemaIds.ofRegistry(Map.of("schema.registry.url", url(registry)));
            assertThatThrownBy(() -> ids.byId(7))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("schema id 7");
            int asked = requests.get();
            assertThatThrownBy(() -> ids.byId(7)).isInstanceOf(SerializationException.class);
            assertThat(requests).hasValue(asked);
        } finally {
            registry.stop(0);
        }
    }

    /** Every request may be the one that fails, the last of an attempt too. */
    @Test
    void aFaultOfTheConnectionDoesNotMakeASchemaUnusable() throws Exception {
        for (int broken = 1; broken <= 3; broken++) {
            int failing = broken;
            HttpServer registry = registry("\"string\"", number -> number > failing, new AtomicInteger());
            try {
                SchemaIds ids = SchemaIds.ofRegistry(
                        Map.of("schema.registry.url", url(registry), "retries.wait.ms", 1, "max.retries", 5));
                assertThat(ids.byId(7)).isEqualTo(Schema.create(Schema.Type.STRING));
            } finally {
                registry.stop(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bob:HUNTER2@localhost:8081",
                "http://bob:HUN@TER2@localhost:8081",
                "http://bob:HUNTER2@local host:1/",
                "http://bob:HUN/TER2@localhost:8081/@x",
                "ftp://bob:HUNTER2@localhost",
                "localhost:8081",
                "http://",
                "//HUNTER2@x"
            })
    void anAddressThatNoRetryMakesValidIsRefusedWithoutItsPassword(String address) {
        assertThatThrownBy(() -> SchemaIds.ofRegistry(Map.of("schema.registry.url", address)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("schema.registry.url")
                .message()
                .doesNotContain("HUN")
                .doesNotContain("TER2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://schema_registry:8081",
                "https://bob:a%40b@registry.example/apis/ccompat/v7,http://[::1]:8081"
            })
    void addressesOfContainersAndWithPasswordsAreTaken(String addresses) {
        assertThat(SchemaIds.ofRegistry(Map.of("schema.registry.url", addresses)))
                .isNotNull();
    }

    private static String url(HttpServer registry) {
        return "http://localhost:" + registry.getAddress().getPort();
    }

    /**
     * A registry with one schema.
     *
     * @param answered whether it answers the request of a number, from 1; otherwise it closes the connection
     */
    private static HttpServer registry(String schema, IntPredicate answered, AtomicInteger requests)
            throws IOException {
        HttpServer registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        registry.createContext("/", exchange -> {
            if (answered.test(requests.incrementAndGet())) {
                byte[] answer =
                        ("{\"schema\": \"" + schema.replace("\"", "\\\"") + "\"}").getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
            }
            exchange.close();
        });
        registry.start();
        return registry;
    }
}
