// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.classifier.duplicate.DuplicateFilter;
import io.deeptweet.classifier.progress.LostOffsets;
import io.deeptweet.classifier.stream.StreamsProperties;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.settings.InvalidSettingException;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.settings.SettingsDocument;
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
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void theDocumentedSettingsAreThoseOfTheCode() {
        SettingsDocument.requireCurrent(Path.of("../docs/settings.md"), "classifier", ClassifierSettings.class);
    }

    @Test
    void theDefaultsGiveAStream() {
        ClassifierSettings settings = settings(Map.of());
        assertThat(settings.topics().setup()).isEqualTo(new TopicSetup(4, (short) -1));
        assertThat(settings.scoring()).isTrue();
        assertThat(settings.stateDir()).isEqualTo(Path.of(".deeptweet/classifier"));
        assertThat(StreamFactory.topology(settings))
                .isEqualTo(new SentimentTopology.Settings(
                        List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofHours(1)),
                        Map.of(),
                        Duration.ofDays(1),
                        Duration.ofDays(2),
                        Map.of(),
                        10,
                        new DriftThresholds(Duration.ofHours(1), 200, 1, 0.2, 0.4, 0.25),
                        4,
                        new DuplicateFilter.Memory(Duration.ofHours(1), 250_000)));
        assertThat(settings.lostOffsets()).isEqualTo(LostOffsets.STOP);
        assertThat(StreamFactory.properties(settings(Map.of("deeptweet.state-dir", folder.toString()))))
                .isEqualTo(new StreamsProperties(
                        "deeptweet-classifier",
                        Runtime.getRuntime().availableProcessors(),
                        folder,
                        "localhost:8091",
                        -1));
    }

    @Test
    void strongestWordsAreSetFeedByFeed() {
        ClassifierSettings settings = settings(Map.of(
                "deeptweet.feeds.election.strongest-words",
                "5",
                "deeptweet.feeds.\"world.cup\".strongest-words",
                "20",
                "deeptweet.feeds.quiet.strongest-words",
                "0"));
        assertThat(StreamFactory.topology(settings).strongestWords()).isEqualTo(Map.of("election", 5, "world.cup", 20));
    }

    @Test
    void windowSizesAreSortedAndEachCountsOnce() {
        ClassifierSettings settings =
                settings(Map.of("deeptweet.window.sizes", "PT1H, 90s ,1d,60m", "deeptweet.window.grace", "3650d"));
        SentimentTopology.Settings topology = StreamFactory.topology(settings);
        assertThat(topology.windows())
                .isEqualTo(List.of(Duration.ofSeconds(90), Duration.ofHours(1), Duration.ofDays(1)));
        assertThat(topology.grace()).isEqualTo(Duration.ofDays(3650));
    }

    @ParameterizedTest
    @CsvSource({"0.1, 1", "0.2, 2", "0.3, 3", "0.4, 4", "0.5, 5"})
    void theUncertainBandIsReadInTenths(String band, int tenths) {
        assertThat(StreamFactory.topology(settings(Map.of("deeptweet.drift.uncertain-band", band)))
                        .drift()
                        .uncertainTenths())
                .isEqualTo(tenths);
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
                "deeptweet.window.sizes | 10s,36501d | use whole seconds or longer",
                "deeptweet.window.explained-tweets | -1 | use 0 to 1000",
                "deeptweet.topics.partitions | 0 | use 1 to 10000",
                "deeptweet.topics.partitions | four | use 1 to 10000",
                "deeptweet.topics.replication-factor | 0 | use 1 or more, or -1",
                "deeptweet.address | nowhere | use a host and a port",
                "deeptweet.address | [::1] | use a host and a port",
                "deeptweet.drift.window | 0s | use whole seconds or longer, such as 1h",
                "deeptweet.drift.least-tweets | 0 | use 1 to 999999999",
                "deeptweet.drift.uncertain-band | 0 | use 0.1, 0.2",
                "deeptweet.drift.uncertain-band | 0.15 | use 0.1, 0.2",
                "deeptweet.drift.unknown | 1.1 | use 0 to 1",
                "deeptweet.drift.uncertain | NaN | use 0 to 1",
                "deeptweet.drift.psi | -1 | use 0 to 100",
                "deeptweet.deduplication.window | -1s | use zero or longer, such as 1h",
                "deeptweet.deduplication.window | 31d | at most 30d",
                "deeptweet.deduplication.max-ids | 0 | use 1 to 50000000",
                "deeptweet.lost-offsets | latest | use stop, recorded or earliest",
                "deeptweet.threads | -1 | use 1 to 999",
                "deeptweet.scoring | perhaps | use true or false",
                "deeptweet.feeds.election.strongest-words | 21 | use 0 to 20",
                "deeptweet.feeds.election.strongest-words | many | use 0 to 20",
                "deeptweet.feeds.election.strongest-words | -1 | use 0 to 20",
                "deeptweet.application-id | a/b | use 1 to 200 letters, digits"
            })
    void aWrongValueIsNamedWithItsKeyAndWhatIsAllowed(String key, String value, String allowed) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(key + " is " + value + ": ")
                .hasMessageContaining(allowed);
    }

    @Test
    void aNameThatNoFeedCanHaveIsNamed() {
        assertThatThrownBy(() -> settings(Map.of("deeptweet.feeds.\"World Cup\".strongest-words", "5")))
                .hasMessageContaining("World Cup")
                .hasMessageEndingWith("use " + TweetLimits.FEED_NAME_IN_WORDS);
    }

    @Test
    void aStateFolderThatCannotBeCreatedIsNamed() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        ClassifierSettings settings =
                settings(Map.of("deeptweet.state-dir", file.resolve("state").toString()));
        assertThatThrownBy(() -> StreamFactory.properties(settings))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(
                        "deeptweet.state-dir is " + file.resolve("state") + ": use a folder that can be written to");
    }

    @Test
    void hoppingWindowsHaveASizeAndAnAdvance() {
        ClassifierSettings settings = settings(Map.of("deeptweet.window.hopping", "30m/5m,1d/1h"));
        assertThat(StreamFactory.topology(settings).hopping())
                .containsOnly(
                        Map.entry(Duration.ofMinutes(30), Duration.ofMinutes(5)),
                        Map.entry(Duration.ofDays(1), Duration.ofHours(1)));
        assertThat(StreamFactory.allWindows(settings))
                .extracting(Duration::toString)
                .containsExactly("PT10S", "PT1M", "PT30M", "PT1H", "PT24H");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1h/5m", "30m/7m", "30m/30m", "2h/1m", "30m/0s", "soon/5m", "30m/5m,30m/10m"})
    void hoppingWindowsThatCannotBeStopTheStart(String value) {
        ClassifierSettings settings = settings(Map.of("deeptweet.window.hopping", value));
        assertThatThrownBy(() -> StreamFactory.topology(settings))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("deeptweet.window.hopping is " + value + ": use sizes and advances");
    }

    private static ClassifierSettings settings(Map<String, String> given) {
        Map<String, String> properties = new TreeMap<>(Map.of("quarkus.http.port", "8091"));
        properties.putAll(given);
        return Settings.of(ClassifierSettings.class, properties);
    }
}
