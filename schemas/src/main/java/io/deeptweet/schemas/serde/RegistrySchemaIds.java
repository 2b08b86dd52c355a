// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import io.deeptweet.schemas.client.ClientDefaults;
import io.deeptweet.schemas.text.UntrustedText;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.avro.AvroSchema;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.SchemaRegistryClientConfig;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.RestService;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.entities.SchemaString;
import org.apache.flink.avro.registry.confluent.shaded.io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Schema ids of a Confluent Schema Registry, or of one with the same REST API, through Confluent's own client.
 *
 * <p>Takes that client's settings by their own names: {@code schema.registry.url} (one or several, separated by
 * commas), {@code basic.auth.credentials.source}, {@code basic.auth.user.info}, {@code bearer.auth.*},
 * {@code schema.registry.ssl.*}, {@code http.connect.timeout.ms}. Of the settings that Confluent's serializers add it
 * supports {@code auto.register.schemas} (default true), {@code max.retries} (3), {@code retries.wait.ms} (1000,
 * doubled for each retry) and {@code retries.max.wait.ms} (20000). Timeouts for connections and answers are 5 seconds
 * divided by the number of addresses, so that a registry that accepts and never answers does not hold up its callers.
 */
final class RegistrySchemaIds implements SchemaIds {
    static final String URL = "schema.registry.url";
    /**
     * How long a call may take, retries included: a stream thread waits for it twice within one poll, and is taken for
     * dead after {@code max.poll.interval.ms}, 5 minutes. Longer timeouts in the settings prolong it.
     */
    static final Duration TIME_LIMIT = Duration.ofSeconds(40);

    /** Names of containers hold underscores, which are no valid host to {@link URI}. */
    private static final Pattern AUTHORITY =
            Pattern.compile("([^@]*@)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+])(:\\d{1,5})?");

    private static final int LONGEST_REASON = 200;
    private static final int SUBJECT_CAPACITY = 1000;
    /** The registry's error code for an unknown id. A plain 404 may also come from a wrong URL. */
    private static final int SCHEMA_NOT_FOUND = 40403;
    /** The status of a schema that is incompatible with earlier ones, or that another client registers just now. */
    private static final int CONFLICT = 409;

    private final RestService rest;
    private final SchemaRegistryClient client;
    private final String urls;
    private final boolean autoRegister;
    private final int maxRetries;
    private final long waitMs;
    private final long maxWaitMs;
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();
    private final Map<Integer, String> unusable = new ConcurrentHashMap<>();

    RegistrySchemaIds(Map<String, ?> configs) {
        Object url = configs.get(URL);
        if (url == null || url.toString().isBlank())
            throw new ConfigException(
                    URL, url, "set it to the registry's address, such as " + ClientDefaults.REGISTRY_URL);
        List<String> all = Arrays.stream((url instanceof List<?> list
                                ? String.join(
                                        ",", list.stream().map(Object::toString).toList())
                                : url.toString())
                        .split(","))
                .map(String::strip)
                .toList();
        all.forEach(RegistrySchemaIds::requireAddress);
        urls = String.join(
                ", ", all.stream().map(UntrustedText::withoutUserInfo).toList());
        autoRegister = Boolean.parseBoolean(String.valueOf(valueOr(configs, "auto.register.schemas", true)));
        maxRetries = Math.toIntExact(number(configs, "max.retries", 3));
        waitMs = number(configs, "retries.wait.ms", 1000);
        maxWaitMs = number(configs, "retries.max.wait.ms", 20_000);

        Map<String, Object> clientConfigs = new HashMap<>(configs);
        // Otherwise every record with an unknown id would cause another request to the registry.
        clientConfigs.putIfAbsent("missing.id.cache.ttl.sec", 60);
        // The client casts these to numbers, while all others may be text from a properties file.
        for (String seconds :
                List.of("missing.id.cache.ttl.sec", "missing.version.cache.ttl.sec", "missing.schema.cache.ttl.sec"))
            if (clientConfigs.containsKey(seconds)) clientConfigs.put(seconds, number(clientConfigs, seconds, 0));
        if (configs.containsKey("missing.cache.size"))
            clientConfigs.put("missing.cache.size", Math.toIntExact(number(configs, "missing.cache.size", 0)));
        // An attempt may send two requests to every address, and wait for a connection and an answer each time.
        int timeout = Math.toIntExact(Math.max(1, TIME_LIMIT.toMillis() / (8L * all.size())));
        clientConfigs.putIfAbsent(SchemaRegistryClientConfig.HTTP_CONNECT_TIMEOUT_MS, timeout);
        clientConfigs.putIfAbsent(SchemaRegistryClientConfig.HTTP_READ_TIMEOUT_MS, timeout);
        rest = new RestService(all);
        client = new CachedSchemaRegistryClient(rest, SUBJECT_CAPACITY, clientConfigs);
    }

    @Override
    public int idOf(String subject, Schema schema) {
        AvroSchema parsed = new AvroSchema(withoutJavaProperties(schema));
        return call(
                "schema of " + subject,
                () -> autoRegister ? client.register(subject, parsed) : client.getId(subject, parsed));
    }

    @Override
    public Schema byId(int id) {
        Schema known = schemas.get(id);
        if (known != null) return known;
        String refusal = unusable.get(id);
        if (refusal != null) throw new SerializationException(refusal);
        Schema schema = call("schema id " + id, () -> schema(id));
        schemas.put(id, schema);
        return schema;
    }

    /** @throws SerializationException if the registry has a schema of another kind, or one that our parser refuses */
    private Schema schema(int id) throws IOException, RestClientException {
        try {
            return new Schema.Parser().parse(client.getSchemaById(id).canonicalString());
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The client throws the same exception for a schema that it cannot read and for a registry that it cannot
            // reach. What the registry answers to a plain request decides.
            return plainSchema(id);
        }
    }

    private Schema plainSchema(int id) throws IOException, RestClientException {
        SchemaString answer = rest.getId(id);
        String type = answer.getSchemaType() == null ? AvroSchema.TYPE : answer.getSchemaType();
        String reason = "";
        if (type.equals(AvroSchema.TYPE)) {
            try {
                return new Schema.Parser().parse(answer.getSchemaString());
            } catch (RuntimeException | StackOverflowError e) { // the parser recurses as deep as the schema is nested
                reason = ": " + e.getMessage();
            }
        }
        String refusal = "schema id " + id + " is not an Avro schema that can be read, but "
                + UntrustedText.shortened(type + reason, LONGEST_REASON);
        // For good, because the schema of an id never changes. The schemas that it refers to may be found later.
        if (answer.getReferences() == null || answer.getReferences().isEmpty()) unusable.put(id, refusal);
        throw new SerializationException(refusal);
    }

    private interface Request<T> {
        T send() throws IOException, RestClientException;
    }

    private <T> T call(String what, Request<T> request) {
        long wait = waitMs;
        long start = System.nanoTime();
        for (int retry = 0; ; retry++) {
            try {
                return request.send();
            } catch (RestClientException e) {
                if (e.getErrorCode() == SCHEMA_NOT_FOUND)
                    throw new SerializationException("the registry does not know the " + what, e);
                // Of several that register a new schema at the same moment, some are refused too, but only once.
                if (e.getStatus() == 422 || e.getStatus() == CONFLICT && (retry > 0 || maxRetries == 0))
                    throw new SerializationException("the registry refuses the " + what + ": " + e.getMessage(), e);
                if (e.getStatus() < 500 && e.getStatus() != CONFLICT || retry == maxRetries || isOver(start, wait))
                    throw new RegistryUnavailableException(
                            "the schema registry at " + urls + " answered " + e.getStatus() + " for " + what + ": "
                                    + e.getMessage(),
                            e);
            } catch (IOException e) {
                if (retry == maxRetries || isOver(start, wait))
                    throw new RegistryUnavailableException(
                            "the schema registry at " + urls + " cannot be reached for " + what + ": " + e.getMessage(),
                            e);
            }
            try {
                Thread.sleep(Math.min(wait, maxWaitMs));
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
            wait *= 2;
        }
    }

    /** Whether another attempt, after a pause in ms, could end beyond the time limit. */
    private boolean isOver(long startNanos, long pauseMs) {
        return System.nanoTime() - startNanos + TimeUnit.MILLISECONDS.toNanos(Math.min(pauseMs, maxWaitMs))
                > TIME_LIMIT.dividedBy(2).toNanos();
    }

    /** Consumers in other languages do not need the generated classes' {@code avro.java.string}. */
    private static String withoutJavaProperties(Schema schema) {
        return schema.toString()
                .replace("{\"type\":\"string\",\"avro.java.string\":\"String\"}", "\"string\"")
                .replace(",\"avro.java.string\":\"String\"", "");
    }

    /** An address that no retry makes valid must not be waited for. */
    private static void requireAddress(String url) {
        try {
            URI address = new URI(url);
            boolean web = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (web
                    && AUTHORITY
                            .matcher(String.valueOf(address.getRawAuthority()))
                            .matches()) return;
        } catch (URISyntaxException e) {
            // Its message shows the password.
        }
        throw new ConfigException(URL + " has the address " + UntrustedText.withoutUserInfo(url)
                + ": use http:// or https:// and a host; encode special characters of user and password, such as @ as"
                + " %40");
    }

    private static Object valueOr(Map<String, ?> configs, String key, Object fallback) {
        Object value = configs.get(key);
        return value == null ? fallback : value;
    }

    private static long number(Map<String, ?> configs, String key, long fallback) {
        Object value = valueOr(configs, key, fallback);
        try {
            long number = Long.parseLong(value.toString().strip());
            if (number >= 0) return number;
        } catch (NumberFormatException e) {
            // the same fault as a negative number
        }
        throw new ConfigException(key, value, "must be a whole number, zero or more");
    }
}
