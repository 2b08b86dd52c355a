// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpServer;
import io.deeptweet.local.LocalKafka;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The serde with a real broker and a real registry, configured by Kafka from client settings alone. */
class RegistryIT {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Tweet TWEET = new Tweet("1", "what a day 🌞", "push", "en", null, NOW, NOW, TweetKind.POST);
    private static LocalKafka kafka;

    @BeforeAll
    static void start() {
        kafka = LocalKafka.shared();
    }

    @Test
    void aPlainProducerAndConsumerNeedOnlyTheClassNames() throws Exception {
        String topic = "plain-" + UUID.randomUUID();
        Map<String, Object> settings = settings();
        settings.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        settings.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        settings.put("value.serializer", AvroSerializer.class.getName());
        settings.put("value.deserializer", AvroDeserializer.class.getName());
        settings.put("group.id", topic);
        settings.put("auto.offset.reset", "earliest");
        try (KafkaProducer<String, Tweet> producer = new KafkaProducer<>(settings);
                KafkaConsumer<String, Tweet> consumer = new KafkaConsumer<>(settings)) {
            producer.send(new ProducerRecord<>(topic, TWEET.getId(), TWEET)).get();
            consumer.subscribe(List.of(topic));
            ConsumerRecord<String, Tweet> read = null;
            for (long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
                    read == null && System.nanoTime() < deadline; )
                for (ConsumerRecord<String, Tweet> record : consumer.poll(Duration.ofMillis(200))) read = record;
            assertThat(read).isNotNull();
            assertThat(read.value()).isEqualTo(TWEET);
        }
    }

    /** The registry refuses some of them at first, although the schema is the same. */
    @Test
    void severalServicesRegisterANewSchemaAtTheSameMoment() throws Exception {
        ExecutorService services = Executors.newFixedThreadPool(8);
        try {
            for (int i = 0; i < 10; i++) {
                String topic = "together-" + UUID.randomUUID();
                CyclicBarrier together = new CyclicBarrier(8);
                Callable<Integer> service = () -> {
                    SchemaIds ids = SchemaIds.ofRegistry(settings());
                    together.await();
                    return ids.idOf(topic + "-value", Tweet.getClassSchema());
                };
                Set<Integer> found = new HashSet<>();
                for (Future<Integer> id : services.invokeAll(Collections.nCopies(8, service))) found.add(id.get());
                assertThat(found).hasSize(1);
            }
        } finally {
            services.shutdownNow();
        }
    }

    /** Consumers in other languages see the schema as it was written, without the generated classes' properties. */
    @Test
    void theRegistryHoldsTheSchemaAsItWasWritten() throws Exception {
        String topic = "schema-" + UUID.randomUUID();
        int id = ByteBuffer.wrap(
                        new AvroSerializer<Tweet>(SchemaIds.ofRegistry(settings())).serialize(topic, TWEET), 1, 4)
                .getInt();
        String schema = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(kafka.registryUrl() + "/schemas/ids/" + id))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(schema)
                .contains("io.deeptweet.schemas")
                .contains("untrusted")
                .doesNotContain("avro.java.string");
    }

    @Test
    void anUnknownIdMakesTheRecordInvalid() {
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(settings()));
        byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(987_654_321).array();
        assertThatThrownBy(() -> deserializer.deserialize("t", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("987654321");
    }

    /** Otherwise one such record would stop every reader, which would wait for a registry that answers. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            JSON     | {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}
            PROTOBUF | syntax = "proto3"; message Tweet { string id = 1; }
            """)
    void aSchemaOfAnotherKindMakesTheRecordInvalid(String type, String schema) throws Exception {
        String body = "{\"schemaType\": \"" + type + "\", \"schema\": \"" + schema.replace("\"", "\\\"") + "\"}";
        HttpResponse<String> registered = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        kafka.registryUrl() + "/subjects/" + UUID.randomUUID() + "/versions"))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(registered.statusCode()).as(registered.body()).isEqualTo(200);
        int id = Integer.parseInt(registered.body().replaceAll("\\D", ""));
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(settings()));
        byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(id).array();
        for (int i = 0; i < 2; i++)
            assertThatThrownBy(() -> deserializer.deserialize("t", bytes))
                    .isInstanceOf(SerializationException.class)
                    .hasMessageContaining("schema id " + id + " is not an Avro schema that can be read, but " + type);
    }

    /** Otherwise a wrong address would send every tweet to {@code tweets.rejected}. */
    @Test
    void anAddressWithoutARegistryDoesNotMakeTheRecordInvalid() {
        Map<String, Object> settings = settings();
        settings.put("schema.registry.url", kafka.registryUrl() + "/nowhere");
        AvroDeserializer<Tweet> deserializer = new AvroDeserializer<>(Tweet.class, SchemaIds.ofRegistry(settings));
        byte[] bytes = ByteBuffer.allocate(9).put((byte) 0).putInt(1).array();
        assertThatThrownBy(() -> deserializer.deserialize("t", bytes)).isInstanceOf(RegistryUnavailableException.class);
    }

    @Test
    void theCheckTellsARegistryFromAnotherServer() {
        SchemaIds.checkRegistry(settings());
        Map<String, Object> settings = settings();
        settings.put("schema.registry.url", kafka.registryUrl() + "/nowhere");
        assertThatThrownBy(() -> SchemaIds.checkRegistry(settings)).isInstanceOf(RegistryUnavailableException.class);
    }

    /** A gateway before the registry asks for a password and fails every other request. */
    @Test
    void passwordsAreSentAndFailedRequestsAreRepeated() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
                    try (exchange) {
                        if (requests.getAndIncrement() % 2 == 0) {
                            exchange.sendResponseHeaders(503, -1);
                            return;
                        }
                        HttpURLConnection registry =
                                (HttpURLConnection) URI.create(kafka.registryUrl() + exchange.getRequestURI())
                                        .toURL()
                                        .openConnection();
                        registry.setRequestMethod(exchange.getRequestMethod());
                        byte[] body = exchange.getRequestBody().readAllBytes();
                        if (body.length > 0) {
                            registry.setRequestProperty(
                                    "Content-Type", exchange.getRequestHeaders().getFirst("Content-Type"));
                            registry.setDoOutput(true);
                            registry.getOutputStream().write(body);
                        }
                        int status = registry.getResponseCode();
                        try (InputStream stream =
                                status < 400 ? registry.getInputStream() : registry.getErrorStream()) {
                            byte[] answer = stream.readAllBytes();
                            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
                            exchange.sendResponseHeaders(status, answer.length);
                            exchange.getResponseBody().write(answer);
                        }
                    }
                })
                .setAuthenticator(new BasicAuthenticator("registry") {
                    @Override
                    public boolean checkCredentials(String user, String password) {
                        return user.equals("ada") && password.equals("lovelace");
                    }
                });
        gateway.start();
        try {
            Map<String, Object> settings = settings();
            settings.put(
                    "schema.registry.url",
                    "http://localhost:" + gateway.getAddress().getPort());
            settings.put("retries.wait.ms", "1");
            String topic = "gateway-" + UUID.randomUUID();
            assertThatThrownBy(() -> new AvroSerializer<Tweet>(SchemaIds.ofRegistry(settings)).serialize(topic, TWEET))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("401");

            settings.put("basic.auth.credentials.source", "USER_INFO");
            settings.put("basic.auth.user.info", "ada:lovelace");
            SchemaIds ids = SchemaIds.ofRegistry(settings);
            byte[] bytes = new AvroSerializer<Tweet>(ids).serialize(topic, TWEET);
            assertThat(new AvroDeserializer<>(Tweet.class, ids).deserialize(topic, bytes))
                    .isEqualTo(TWEET);
            assertThat(requests)
                    .as("requests: one that failed, and its repetition")
                    .hasValue(2);
        } finally {
            gateway.stop(0);
        }
    }

    private static Map<String, Object> settings() {
        return new HashMap<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "schema.registry.url", kafka.registryUrl()));
    }
}
