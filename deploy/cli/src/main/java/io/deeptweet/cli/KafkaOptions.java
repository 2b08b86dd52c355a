// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
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

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT,…", description = "Kafka brokers that run already.")
    private Optional<String> bootstrapServers;

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description = "Schema registry that runs already, Confluent's or one that speaks its REST API.")
    private Optional<String> registry;

    @Option(
            names = "--kafka-config",
            paramLabel = "FILE",
            description =
                    "Properties file with client settings, such as security.protocol and sasl.jaas.config, and the registry's, such as basic.auth.user.info.")
    private Optional<Path> file;

    /** The client settings that were given: an option wins over the file, the file over the environment. */
    Map<String, String> given() {
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
        Map<String, String> given = new HashMap<>();
        environment("KAFKA_BOOTSTRAP_SERVERS").ifPresent(servers -> given.put("bootstrap.servers", servers));
        environment("SCHEMA_REGISTRY_URL")
                .or(() -> environment("KAFKA_SCHEMA_REGISTRY_URL"))
                .ifPresent(url -> given.put("schema.registry.url", url));
        properties.stringPropertyNames().forEach(name -> given.put(name, properties.getProperty(name)));
        bootstrapServers.ifPresent(servers -> given.put("bootstrap.servers", servers));
        registry.ifPresent(url -> given.put("schema.registry.url", url));
        return given;
    }

    /** All client settings: what was given wins over the addresses of a running stack, those over the default ones. */
    Map<String, Object> client(Installation installation) {
        Map<String, String> running = installation.running().orElse(Map.of());
        Map<String, Object> client = new HashMap<>(given());
        client.putIfAbsent("bootstrap.servers", running.getOrDefault("bootstrap.servers", "localhost:" + Ports.BROKER));
        client.putIfAbsent(
                "schema.registry.url",
                running.getOrDefault("schema.registry.url", "http://localhost:" + Ports.REGISTRY + "/apis/ccompat/v7"));
        return client;
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isBlank());
    }

    /** The usual ports. */
    static final class Ports {
        static final int BROKER = 9092;
        static final int REGISTRY = 8081;

        private Ports() {}
    }
}
