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

  @Option(names = "--registry", paramLabel = "URL", description = "Schema registry that runs already, Confluent's or one that speaks its REST API.")
  private Optional<String> registry;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description = "Properties file with client settings, such as security.protocol and sasl.jaas.config, and the registry's, such as basic.auth.user.info.")
  private Optional<Path> file;

  Optional<String> bootstrapServers() {
    return bootstrapServers.or(() -> Optional.ofNullable(System.getenv("KAFKA_BOOTSTRAP_SERVERS")));
  }

  Optional<String> registry() {
    return registry.or(() -> Optional.ofNullable(System.getenv("SCHEMA_REGISTRY_URL")));
  }

  /** The file's settings; none without a file. */
  Map<String, String> settings() {
    Properties properties = new Properties();
    file.ifPresent(path -> {
      try (Reader reader = Files.newBufferedReader(path)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw new ParameterException(command.commandLine(), "--kafka-config " + path + " cannot be read as a properties file: " + e.getMessage());
      }
    });
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
    return settings;
  }

  /** Client settings: an option wins over the file, the file over the environment, that over a running stack and the default. */
  Map<String, Object> client(Installation installation) {
    Map<String, String> running = installation.running().orElse(Map.of());
    Map<String, Object> client = new HashMap<>(settings());
    bootstrapServers.ifPresent(servers -> client.put("bootstrap.servers", servers));
    registry.ifPresent(url -> client.put("schema.registry.url", url));
    client.putIfAbsent("bootstrap.servers", bootstrapServers().orElse(running.getOrDefault("bootstrap.servers", "localhost:" + Ports.BROKER)));
    client.putIfAbsent("schema.registry.url", registry().orElse(running.getOrDefault("schema.registry.url", "http://localhost:" + Ports.REGISTRY + "/apis/ccompat/v7")));
    return client;
  }

  /** The usual ports. */
  static final class Ports {
    static final int BROKER = 9092;
    static final int REGISTRY = 8081;

    private Ports() {}
  }
}
