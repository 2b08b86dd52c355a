// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import io.deeptweet.schemas.client.ClientDefaults;
import io.deeptweet.schemas.published.ModelSignatures;
import io.deeptweet.schemas.published.SignatureKeys;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.ModelTopic;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The options of every command that talks to Kafka; those of module {@code deploy/cli} have them too. */
public final class KafkaOptions {
    /** Within about 10 s a command says that nothing answers; what Kafka's clients wait by default suits services. */
    private static final Map<String, String> TIMEOUTS = Map.of(
            "request.timeout.ms", "8000",
            "default.api.timeout.ms", "8000",
            "http.connect.timeout.ms", "3000",
            "http.read.timeout.ms", "4000",
            "max.retries", "1",
            "retries.wait.ms", "500");

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,…",
            description =
                    "Kafka brokers (default: $KAFKA_BOOTSTRAP_SERVERS, or " + ClientDefaults.BOOTSTRAP_SERVERS + ").")
    private Optional<String> bootstrapServers;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry (default: $SCHEMA_REGISTRY_URL, or $KAFKA_SCHEMA_REGISTRY_URL, or "
                    + ClientDefaults.REGISTRY_URL + ").")
    private Optional<String> registry;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description = "Properties file with settings of Kafka's clients and of the registry's, such as"
                    + " security.protocol, sasl.jaas.config and basic.auth.user.info.")
    private Optional<Path> file;

    /** The topic of models, once Kafka and the registry have been found to answer. */
    ModelTopic modelTopic() {
        return modelTopic(ModelTopic.KEPT);
    }

    /**
     * As {@link #modelTopic()}.
     *
     * @param kept how many of the newest models a publication leaves on the topic, at least 1
     */
    ModelTopic modelTopic(int kept) {
        Map<String, Object> settings = connect(Topics.MODELS);
        // Else a broker whose transactions do not work, which is none of the above, is waited for a minute.
        settings.putIfAbsent("max.block.ms", "8000");
        return new ModelTopic(
                settings, SchemaIds.ofRegistry(settings), Clock.systemUTC(), kept, signatures(System.getenv()));
    }

    /** Commands sign and check as the trainer does, with the keys that the environment names. */
    private static ModelSignatures signatures(Map<String, String> environment) {
        try {
            return SignatureKeys.of(
                    Optional.ofNullable(environment.get("DEEPTWEET_MODELS_SIGNING_KEY")),
                    Optional.ofNullable(environment.get("DEEPTWEET_MODELS_SIGNING_KEY_FILE"))
                            .map(Path::of),
                    Optional.ofNullable(environment.get("DEEPTWEET_MODELS_PUBLIC_KEYS"))
                            .map(Path::of));
        } catch (SignatureKeys.InvalidKeyFileException e) {
            throw CommandFailedException.usage("models cannot be signed or checked: " + e.getMessage());
        }
    }

    /**
     * The client settings, once Kafka and the registry have been found to answer.
     *
     * @param topic a topic that must exist
     * @throws CommandFailedException if Kafka or the registry does not answer, or there is no such topic
     */
    Map<String, Object> connect(Topic topic) {
        Map<String, Object> settings = new HashMap<>(clientSettings(System.getenv()));
        new KafkaConnection(settings).check(topic);
        return settings;
    }

    /** The client settings: those that were {@link #given}, and the defaults. */
    public Map<String, String> clientSettings(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(TIMEOUTS);
        settings.put("bootstrap.servers", ClientDefaults.BOOTSTRAP_SERVERS);
        settings.put("schema.registry.url", ClientDefaults.REGISTRY_URL);
        settings.putAll(given(environment));
        return settings;
    }

    /** The client settings that were given: an option wins over the file, the file over the environment. */
    public Map<String, String> given(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>(ClientDefaults.ofEnvironment(environment));
        Properties properties = properties();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        bootstrapServers.ifPresent(servers -> settings.put("bootstrap.servers", servers));
        registry.ifPresent(url -> settings.put("schema.registry.url", url));
        return settings;
    }

    private Properties properties() {
        Properties properties = new Properties();
        if (file.isEmpty()) return properties;
        InputFiles.fault(file.get()).ifPresent(fault -> {
            throw CommandFailedException.usage("--kafka-config " + fault);
        });
        try (Reader reader = Files.newBufferedReader(file.get())) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandFailedException.usage(
                    "--kafka-config " + file.get() + " is not a properties file: " + e.getMessage());
        }
        return properties;
    }
}
