// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.cli.stack.Installation;
import io.deeptweet.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepTweetTest {
    @TempDir
    Path folder;

    @Test
    void theTrainersCommandsAreListedWithTheDescriptionsOfTheirAnnotations() {
        String help = CommandRun.of(installation(Map.of()), "--help").out();
        assertThat(help)
                .contains("Lists the published models")
                .containsPattern("(?m)^  evaluate +Measures a model on labelled texts")
                .containsPattern("(?m)^  simulate-rounds +\\w")
                .doesNotContainPattern("(?m)^  serve ");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "tail", "status", "feeds", "topics", "bench", "torture", "models", "train"})
    void everyCommandIsDescribedInOneSentence(String command) {
        String description = DeepTweet.commandLine(installation(Map.of()))
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .usageMessage()
                .description()[0];
        assertThat(description).matches("[A-Z].*\\.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"SCHEMA_REGISTRY_URL", "KAFKA_SCHEMA_REGISTRY_URL"})
    void theRegistryIsNamedByEitherVariable(String variable) {
        int nothing = Ports.free();
        CommandRun tail = CommandRun.of(installation(Map.of(variable, "http://localhost:" + nothing)), "tail", "raw");
        assertThat(tail.err()).contains("the schema registry at http://localhost:" + nothing + " cannot be reached");
    }

    @Test
    void noBrokerAndNoRegistryAreReportedAtOnce() {
        int nothing = Ports.free();
        String[] addresses = {"--bootstrap-servers=localhost:" + nothing, "--registry=http://localhost:" + nothing};
        Instant start = Instant.now();
        CommandRun tail = CommandRun.of(installation(Map.of()), "tail", "scored", addresses[0], addresses[1]);
        CommandRun status = CommandRun.of(installation(Map.of()), "status", addresses[0], addresses[1]);
        CommandRun up = CommandRun.of(installation(Map.of()), "up", "--no-feed", addresses[0], addresses[1]);
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));

        String sentence = "Kafka at localhost:" + nothing
                + " cannot be reached (Connection refused): start it, or name another by --bootstrap-servers";
        assertThat(tail.code()).isEqualTo(3);
        assertThat(tail.err()).startsWith("deeptweet tail: " + sentence);
        assertThat(status.code()).isEqualTo(3);
        assertThat(status.err()).contains(sentence);
        assertThat(status.out()).contains("broker      down");
        assertThat(up.code()).isEqualTo(3);
        assertThat(up.err()).startsWith("deeptweet up: " + sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tail raw", "status", "up --no-feed"})
    void aWrongAddressIsReportedAtOnce(String command) {
        assertThat(CommandRun.of(
                                installation(Map.of()),
                                (command + " --bootstrap-servers=nowhere --registry=http://localhost:1").split(" ", -1))
                        .err())
                .startsWith("deeptweet " + command.split(" ", -1)[0] + ": Kafka's address nowhere is not HOST:PORT");
    }

    private Installation installation(Map<String, String> environment) {
        return new Installation(folder, environment);
    }
}
