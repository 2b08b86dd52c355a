// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {
    @TempDir
    Path folder;

    @Command
    private static final class Host {
        @Mixin
        private KafkaOptions kafka;
    }

    private static Map<String, String> settings(Map<String, String> environment, String... arguments) {
        Host host = new Host();
        new CommandLine(host).parseArgs(arguments);
        return host.kafka.clientSettings(environment);
    }

    @Test
    void theDefaultsAreTheAddressesOfDeeptweetUp() {
        assertThat(settings(Map.of()))
                .containsEntry("bootstrap.servers", "localhost:9092")
                .containsEntry("schema.registry.url", "http://localhost:8081/apis/ccompat/v7");
    }

    @Test
    void anOptionWinsOverTheFileAndTheFileOverTheEnvironment() throws Exception {
        Map<String, String> environment =
                Map.of("KAFKA_BOOTSTRAP_SERVERS", "env:1", "SCHEMA_REGISTRY_URL", "http://env");
        assertThat(settings(environment))
                .containsEntry("bootstrap.servers", "env:1")
                .containsEntry("schema.registry.url", "http://env");
        Path file = Files.writeString(
                folder.resolve("client.properties"),
                "bootstrap.servers=file:1\nschema.registry.url=http://file\nsecurity.protocol=SASL_SSL\n");
        assertThat(settings(environment, "--kafka-config", file.toString()))
                .containsEntry("bootstrap.servers", "file:1")
                .containsEntry("schema.registry.url", "http://file")
                .containsEntry("security.protocol", "SASL_SSL");
        assertThat(settings(
                        environment,
                        "--kafka-config",
                        file.toString(),
                        "--bootstrap-servers",
                        "option:1",
                        "--registry",
                        "http://option"))
                .containsEntry("bootstrap.servers", "option:1")
                .containsEntry("schema.registry.url", "http://option");
    }

    /** The services' variable works for the commands, and an empty variable is none. */
    @Test
    void bothVariablesOfTheRegistryWork() {
        assertThat(settings(Map.of("KAFKA_SCHEMA_REGISTRY_URL", "http://service", "SCHEMA_REGISTRY_URL", " ")))
                .containsEntry("schema.registry.url", "http://service");
        assertThat(settings(
                        Map.of("KAFKA_SCHEMA_REGISTRY_URL", "http://service", "SCHEMA_REGISTRY_URL", "http://both")))
                .containsEntry("schema.registry.url", "http://both");
    }

    @Test
    void aCommandWaitsForSecondsUnlessTheUserSaysOtherwise() throws Exception {
        assertThat(settings(Map.of()))
                .containsEntry("default.api.timeout.ms", "8000")
                .containsEntry("request.timeout.ms", "8000")
                .containsEntry("http.connect.timeout.ms", "3000")
                .containsEntry("http.read.timeout.ms", "4000")
                .containsEntry("max.retries", "1")
                .containsEntry("retries.wait.ms", "500");
        Path file = Files.writeString(folder.resolve("client.properties"), "default.api.timeout.ms=60000\n");
        assertThat(settings(Map.of(), "--kafka-config", file.toString()))
                .containsEntry("default.api.timeout.ms", "60000");
        assertThat(settings(Map.of(), "--kafka-config", "/dev/null")).containsEntry("default.api.timeout.ms", "8000");
    }
}
