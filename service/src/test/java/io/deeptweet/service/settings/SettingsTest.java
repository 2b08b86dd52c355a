// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.service.sample.SampleSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @Test
    void defaultsStandInTheMappingAlone() {
        SampleSettings settings = Settings.of(SampleSettings.class, Map.of());
        assertThat(settings.topics().setup()).isEqualTo(new TopicSetup(4, (short) -1));
        assertThat(settings.window().sizes())
                .containsExactly(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(settings.window().grace()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.threads()).isEmpty();
        assertThat(settings.scoring()).isTrue();
        assertThat(settings.address()).isEqualTo("localhost:8091");
        assertThat(settings.feeds()).isEmpty();
        assertThat(settings.password()).isEmpty();
    }

    @Test
    void valuesAreReadAsTheirTypes() {
        SampleSettings settings = Settings.of(
                SampleSettings.class,
                Map.of(
                        "deeptweet.threads", "2",
                        "deeptweet.window.sizes", "PT1H, 90s ,1d",
                        "deeptweet.window.grace", "1h30m",
                        "deeptweet.password", "correct horse",
                        "deeptweet.feeds.election.file", "tweets.csv",
                        "deeptweet.feeds.election.repeat", "in-a-loop",
                        "deeptweet.feeds.\"world.cup\".file", "cup.csv",
                        "deeptweet.feeds.\"world.cup\".columns.text", "Tweet"));
        assertThat(settings.threads()).contains(2);
        assertThat(settings.window().sizes())
                .containsExactly(Duration.ofHours(1), Duration.ofSeconds(90), Duration.ofDays(1));
        assertThat(settings.window().grace()).isEqualTo(Duration.ofMinutes(90));
        assertThat(settings.password()).contains("correct horse");
        assertThat(settings.feeds()).containsOnlyKeys("election", "world.cup");
        assertThat(settings.feeds().get("election").file()).isEqualTo(Path.of("tweets.csv"));
        assertThat(settings.feeds().get("election").repeat()).isEqualTo(SampleSettings.Repeat.IN_A_LOOP);
        assertThat(settings.feeds().get("world.cup").columns()).isEqualTo(Map.of("text", "Tweet"));
    }

    @Test
    void theHeadersOfTracesAreNotShown() {
        String key = "quarkus.otel.exporter.otlp.headers";
        assertThatThrownBy(() -> Settings.of(SampleSettings.class, Map.of(key, "correct horse")))
                .hasMessageStartingWith(key + " has a wrong value")
                .hasMessageNotContaining("horse");
        Settings.of(SampleSettings.class, Map.of(key, "authorization=Basic Zm9vOmJhcg==,x=y"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.threads | 0 | 1 to 999",
                "deeptweet.threads | many | 1 to 999",
                "deeptweet.threads | 99999999999 | 1 to 999",
                "deeptweet.scoring | perhaps | true or false",
                "deeptweet.scoring | yes | true or false",
                "deeptweet.topics.partitions | 0 | 1 to 10000",
                "deeptweet.topics.replication-factor | 0 | 1 or more, or -1 for the broker's default",
                "deeptweet.topics.replication-factor | 70000 | 1 or more, or -1 for the broker's default",
                "deeptweet.window.grace | -5s | 0s to 36500d, such as 30s",
                "deeptweet.window.grace | soon | 0s to 36500d, such as 30s",
                "deeptweet.window.grace | 30 | 0s to 36500d, such as 30s",
                "deeptweet.window.grace | 36501d | 0s to 36500d, such as 30s",
                "deeptweet.window.grace | 99999999999999999999d | 0s to 36500d, such as 30s",
                "deeptweet.window.sizes | 10s,0s | whole seconds or longer, separated by commas, such as 10s,1m,1h",
                "deeptweet.window.sizes | 1500ms | whole seconds or longer, separated by commas, such as 10s,1m,1h",
                "deeptweet.window.sizes | , | whole seconds or longer, separated by commas, such as 10s,1m,1h",
                "deeptweet.address | nowhere | a host and a port, such as 10.0.0.7:8091",
                "deeptweet.level | 0 | more than 0, less than 1, such as 0.05",
                "deeptweet.level | 1 | more than 0, less than 1, such as 0.05",
                "deeptweet.level | NaN | more than 0, less than 1, such as 0.05",
                "quarkus.otel.sdk.disabled | maybe | true or false",
                "quarkus.log.console.json.enabled | 1 | true or false",
                "quarkus.otel.exporter.otlp.endpoint | collector:4317 | an address such as http://collector:4317",
                "quarkus.otel.exporter.otlp.protocol | thrift | grpc or http/protobuf",
                "quarkus.otel.traces.sampler.arg | 5 | 0 to 1",
                "quarkus.otel.traces.sampler.arg | NaN | 0 to 1",
                "deeptweet.feeds.election.repeat | twice | once or in-a-loop",
                "deeptweet.feeds.election.rate | Infinity | 0 to 1000000",
            })
    void aWrongValueIsNamedWithItsKeyAndWithWhatIsAllowed(String key, String value, String allowed) {
        assertFault(
                Map.of("deeptweet.feeds.election.file", "x", key, value), key + " is " + value + ": use " + allowed);
    }

    @Test
    void everyWrongValueIsNamedOnOneLine() {
        assertFault(
                Map.of("deeptweet.threads", "0", "deeptweet.feeds.x.rate", "-1", "deeptweet.level", "high\nup"),
                "deeptweet.feeds.x.file is missing: use a file that can be read"
                        + "; deeptweet.feeds.x.rate is -1: use 0 to 1000000"
                        + "; deeptweet.level is high⏎up: use more than 0, less than 1, such as 0.05"
                        + "; deeptweet.threads is 0: use 1 to 999");
    }

    @Test
    void anEmptyValueIsNamed() {
        assertFault(
                Map.of("deeptweet.level", ""), "deeptweet.level is empty: use more than 0, less than 1, such as 0.05");
        assertThat(Settings.of(SampleSettings.class, Map.of("deeptweet.threads", ""))
                        .threads())
                .as("an empty optional setting is not set")
                .isEmpty();
    }

    @Test
    void aReferenceWithoutAValueIsNamed() {
        assertFault(
                Map.of("deeptweet.level", "${NO_SUCH_VARIABLE}"),
                "deeptweet.level is ${NO_SUCH_VARIABLE}: use more than 0, less than 1, such as 0.05");
    }

    @Test
    void aSecretIsNeverShown() {
        assertFault(
                Map.of("deeptweet.password", "hunter2", "deeptweet.pin", "swordfish"),
                "deeptweet.password has a wrong value, not shown because it is secret: use 8 characters or more"
                        + "; deeptweet.pin has a wrong value, not shown because it is secret: use 4 digits");
    }

    @Test
    void aWrongNameOfAFeedIsNamed() {
        assertFault(
                Map.of("deeptweet.feeds.\"World Cup\".file", "x"),
                "the feed in deeptweet.feeds.\"World Cup\" is World Cup: use 1 to 64 lower-case letters, digits, '.',"
                        + " '_' and '-', the first a letter or digit");
        assertFault(
                Map.of("deeptweet.feeds.x.file", "x", "deeptweet.feeds.x.columns.mood", "Mood"),
                "the field in deeptweet.feeds.x.columns.mood is mood: use id or text");
    }

    @Test
    void anUnknownSettingIsNamed() {
        assertFault(
                Map.of("deeptweet.window.grase", "1d", "deeptweet.feeds.x.file", "x", "deeptweet.feeds.x.fiel", "y"),
                "deeptweet.feeds.x.fiel is not a setting: correct or remove it"
                        + "; deeptweet.window.grase is not a setting: correct or remove it");
    }

    @Test
    void aServiceNamesWhatOnlyItKnows() {
        assertThat(new InvalidSettingException(
                        "deeptweet.round.largest", 5, "at least deeptweet.round.labels, which is 9"))
                .hasMessage("deeptweet.round.largest is 5: use at least deeptweet.round.labels, which is 9");
        assertThat(InvalidSettingException.missing("deeptweet.feeds.x.file", "a file"))
                .hasMessage("deeptweet.feeds.x.file is missing: use a file");
    }

    private static void assertFault(Map<String, String> properties, String message) {
        assertThatThrownBy(() -> Settings.of(SampleSettings.class, new HashMap<>(properties)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(message);
    }
}
