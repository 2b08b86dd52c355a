// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that talks to Kafka. */
final class KafkaOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,…",
            description = "Kafka brokers (default: $KAFKA_BOOTSTRAP_SERVERS, or localhost:9092).")
    private Optional<String> bootstrapServers;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry (default: $SCHEMA_REGISTRY_URL, or http://localhost:8081).")
    private Optional<String> registry;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file with client settings, such as security.protocol and sasl.jaas.config, and the registry's, such as basic.auth.user.info.")
    private Optional<Path> file;

    /** The topic of models that the options lead to. */
    ModelTopic modelTopic() {
        return new ModelTopic(clientSettings(), Clock.systemUTC());
    }

    /** The same, of which a publication leaves so many models. */
    ModelTopic modelTopic(int kept) {
        return new ModelTopic(clientSettings(), Clock.systemUTC(), kept);
    }

    /** The client settings that the options lead to. */
    Map<String, Object> clientSettings() {
        Properties properties = new Properties();
        file.ifPresent(path -> {
            try (Reader reader = Files.newBufferedReader(path)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ParameterException(
                        command.commandLine(),
                        "--kafka-config " + path + " cannot be read as a properties file: " + e.getMessage());
            }
        });
        Map<String, Object> settings = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        address("bootstrap.servers", bootstrapServers, "KAFKA_BOOTSTRAP_SERVERS", "localhost:9092", settings);
        address("schema.registry.url", registry, "SCHEMA_REGISTRY_URL", "http://localhost:8081", settings);
        return settings;
    }

    /** An option wins over the file, the file over the environment. */
    private static void address(
            String name, Optional<String> option, String variable, String fallback, Map<String, Object> settings) {
        option.ifPresent(value -> settings.put(name, value));
        settings.computeIfAbsent(
                name, absent -> Optional.ofNullable(System.getenv(variable)).orElse(fallback));
    }
}
