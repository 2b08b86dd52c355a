// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    private Path folder;

    @Test
    void theDefaultsAreThoseOfTheDocumentation() {
        Settings settings = settings(Map.of());
        assertThat(settings.topics()).isEqualTo(new TopicSetup(4, (short) -1));
        assertThat(settings.streams().applicationId()).isEqualTo("deeptweet-classifier");
        assertThat(settings.streams().threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.topology().windows())
                .containsExactly(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1));
        assertThat(settings.topology().grace()).isEqualTo(Duration.ofDays(1));
        assertThat(settings.topology().strongestWords()).isEmpty();
        assertThat(settings.scoring()).isTrue();
        assertThat(settings.streams().address()).isEqualTo("localhost:8091");
        assertThat(settings.topology().drift())
                .isEqualTo(new DriftThresholds(Duration.ofHours(1), 200, 1, 0.2, 0.4, 0.25));
    }

    @Test
    void strongestWordsAreAskedForFeedByFeed() {
        Settings settings = settings(Map.of(
                "deeptweet.feeds.election.strongest-words",
                "5",
                "deeptweet.feeds.\"world.cup\".strongest-words",
                "20",
                "deeptweet.feeds.quiet.strongest-words",
                "0"));
        assertThat(settings.topology().strongestWords()).isEqualTo(Map.of("election", 5, "world.cup", 20));
    }

    @Test
    void durationsAreReadAsPeopleAndAsIso8601WriteThem() {
        Settings settings =
                settings(Map.of("deeptweet.window.sizes", "PT1H, 90s ,1d,60m", "deeptweet.window.grace", "3650d"));
        assertThat(settings.topology().windows())
                .isEqualTo(List.of(Duration.ofSeconds(90), Duration.ofHours(1), Duration.ofDays(1)));
        assertThat(settings.topology().grace()).isEqualTo(Duration.ofDays(3650));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.window.grace | -5s | use zero or longer, such as 30s",
                "deeptweet.window.grace | soon | use zero or longer, such as 30s",
                "deeptweet.window.grace | 99999999999999999999d | use zero or longer, such as 30s",
                "deeptweet.window.grace | 36501d | at most 36500d",
                "deeptweet.window.sizes | 0s | use whole seconds or longer",
                "deeptweet.window.sizes | 1500ms | use whole seconds or longer",
                "deeptweet.topics.partitions | 0 | use 1 to 10000",
                "deeptweet.topics.partitions | four | use 1 to 10000",
                "deeptweet.topics.replication-factor | 0 | use 1 or more, or -1",
                "deeptweet.address | nowhere | use a host and a port",
                "deeptweet.address | [::1] | use a host and a port",
                "deeptweet.drift.window | 0s | use whole seconds or longer, such as 1h",
                "deeptweet.drift.least-tweets | 0 | use 1 or more",
                "deeptweet.drift.uncertain-band | 0 | use 0.1, 0.2",
                "deeptweet.drift.uncertain-band | 0.15 | use 0.1, 0.2",
                "deeptweet.drift.unknown | 1.1 | use 0 to 1",
                "deeptweet.drift.uncertain | NaN | use 0 to 1",
                "deeptweet.drift.psi | -1 | use 0 to 100",
                "deeptweet.threads | -1 | use 1 to 999",
                "deeptweet.scoring | perhaps | use true, or false",
                "deeptweet.feeds.election.strongest-words | 21 | use 0 to 20",
                "deeptweet.feeds.election.strongest-words | many | use 0 to 20",
                "deeptweet.feeds.election.strongest-words | -1 | use 0 to 20",
                "deeptweet.application-id | a/b | use letters, digits"
            })
    void aWrongValueIsNamedWithItsKeyAndWithWhatWouldBeRight(String key, String value, String right) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + " is " + value + ": ")
                .hasMessageContaining(right);
    }

    @Test
    void aNameThatNoFeedCanHaveIsNamed() {
        assertThatThrownBy(() -> settings(Map.of("deeptweet.feeds.\"World Cup\".strongest-words", "5")))
                .hasMessage(
                        "the name of the feed deeptweet.feeds.World Cup is World Cup: " + TweetLimits.FEED_NAME_RULE);
    }

    @Test
    void aStateFolderThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> settings(
                        Map.of("deeptweet.state-dir", file.resolve("state").toString())))
                .hasMessageStartingWith("deeptweet.state-dir is ")
                .hasMessageContaining("name a folder that can be written to");
    }

    private Settings settings(Map<String, String> given) {
        Map<String, String> properties = new TreeMap<>(Map.of("deeptweet.state-dir", folder.toString()));
        properties.putAll(given);
        return Settings.of(new SmallRyeConfigBuilder()
                .withMapping(ClassifierConfig.class)
                .withDefaultValues(properties)
                .build()
                .getConfigMapping(ClassifierConfig.class));
    }
}
