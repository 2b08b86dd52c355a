// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

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
    static final class Any {
        @Mixin
        KafkaOptions kafka;
    }

    @Test
    void anOptionWinsOverTheFileAndTheFileOverARunningStack() throws Exception {
        Path file = Files.writeString(
                folder.resolve("client.properties"),
                "bootstrap.servers=file:1\nschema.registry.url=http://file\nsasl.mechanism=PLAIN\n");
        Installation installation = new Installation(folder, folder.resolve("running.properties"));
        installation.announce(Map.of("bootstrap.servers", "running:1", "schema.registry.url", "http://running"));

        assertThat(parsed("--kafka-config=" + file, "--bootstrap-servers=option:1")
                        .client(installation))
                .isEqualTo(Map.of(
                        "bootstrap.servers",
                        "option:1",
                        "schema.registry.url",
                        "http://file",
                        "sasl.mechanism",
                        "PLAIN"));
        assertThat(parsed("--registry=http://option").client(installation))
                .containsEntry("schema.registry.url", "http://option");
    }

    private static KafkaOptions parsed(String... arguments) {
        Any any = new Any();
        new CommandLine(any).parseArgs(arguments);
        return any.kafka;
    }
}
