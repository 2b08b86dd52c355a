// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.settings.SettingsDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void aFeedNeedsOnlyAFile() throws IOException {
        assertThat(sources(Map.of())).extracting(FeedSources.Configured::name).containsExactly("election");
    }

    @Test
    void everythingHasADefault() {
        IngestSettings settings = Settings.of(IngestSettings.class, Map.of());
        assertThat(settings.feeds()).isEmpty();
        assertThat(settings.topics().partitions()).isEqualTo(4);
        assertThat(settings.push().defaultFeed()).isEqualTo("push");
    }

    /** The key, the value, and what to use instead. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.feeds.election.source         | stdin    | is stdin: use replay",
                "deeptweet.feeds.election.file           | /nowhere | is /nowhere: use a file that exists",
                "deeptweet.feeds.election.format         | xml      | is xml: use auto, x-api, csv or text",
                "deeptweet.feeds.election.rate           | fast     | is fast: use 0 to 1000000000",
                "deeptweet.feeds.election.rate           | -1       | is -1: use 0 to 1000000000",
                "deeptweet.feeds.election.rate           | NaN      | is NaN: use 0 to 1000000000",
                "deeptweet.feeds.election.repeat         | twice    | is twice: use once or loop",
                "deeptweet.feeds.election.start          | end      | is end: use resume or beginning",
                "deeptweet.feeds.election.created-at     | then     | is then: use keep or now",
                "deeptweet.feeds.election.missing-id     | guess    | is guess: use reject or line",
                "deeptweet.feeds.election.languages      | english  | is english: use two-letter codes",
                "deeptweet.feeds.election.largest-record | 0        | is 0: use 1 to 900000",
                "deeptweet.topics.partitions             | 0        | is 0: use 1 to 10000",
                "deeptweet.topics.replication-factor     | 0        | is 0: use 1 or more, or -1",
                "deeptweet.push.default-feed             | My Feed  | is My Feed: use 1 to 64 lower-case letters",
                "deeptweet.push.feeds                    | a,My Feed | is a,My Feed: use 1 to 64 lower-case letters",
                "deeptweet.commit-interval               | 1ms      | is 1ms: use 10ms to 5s",
                "deeptweet.push.timeout-seconds          | soon     | is soon: use 1 to 3600",
                "deeptweet.push.largest-batch            | 0        | is 0: use 1 to 100000",
            })
    void anErrorNamesTheSettingItsValueAndWhatToUse(String key, String value, String message) {
        assertThatThrownBy(() -> sources(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + " " + message);
    }

    @Test
    void namesOfFeedsAndColumnsAreCheckedToo() {
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.Election.file", "x")))
                .hasMessageContaining("Election: use 1 to 64 lower-case letters");
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.election.columns.mood", "Mood")))
                .hasMessageContaining("mood: use id, text, created_at, lang or author");
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.other.rate", "5")))
                .hasMessageStartingWith("deeptweet.feeds.other.file is missing: use the name of the file");
    }

    @Test
    void liveSourcesAndFeedsMustMatch() throws IOException {
        Map<String, String> live = Map.of(
                "deeptweet.sources.bluesky.url", "wss://localhost:1/subscribe",
                "deeptweet.feeds.apple.source", "bluesky",
                "deeptweet.feeds.apple.track", "apple OR \"apple pie\"",
                "deeptweet.feeds.pear.source", "bluesky");
        assertThat(sources(live))
                .filteredOn(source -> source.name().equals("bluesky"))
                .singleElement()
                .satisfies(source -> assertThat(source.feeds()).hasSize(2));
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.apple.source", "blusky")))
                .hasMessageStartingWith("deeptweet.feeds.apple.source is blusky: use replay or the name of a source");
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.election.track", "(apple")))
                .hasMessageStartingWith("deeptweet.feeds.election.track is (apple: ");
        Map<String, String> wrongAddress = new HashMap<>(live);
        wrongAddress.put("deeptweet.sources.bluesky.url", "https://localhost/subscribe");
        assertThatThrownBy(() -> sources(wrongAddress)).hasMessageContaining("deeptweet.sources.bluesky.url");
    }

    /** Feeds may come while ingest runs. */
    @Test
    void aLiveSourceNeedsNoFeedAndBlueskyNoSettings() throws IOException {
        assertThat(sources(Map.of("deeptweet.sources.other.quiet", "5s")))
                .filteredOn(FeedSources.Configured::live)
                .singleElement()
                .satisfies(source -> assertThat(source.feeds()).isEmpty());
        IngestSettings settings = Settings.of(IngestSettings.class, Map.of("deeptweet.sources.other.quiet", "5s"));
        assertThat(settings.sources()).containsOnlyKeys("other");
        assertThat(FeedSources.bluesky(settings, Clock.systemUTC()).describe())
                .startsWith("Jetstream at jetstream1.us-east.bsky.network, ");
    }

    @Test
    void aFileNeedsAFormatIfItsNameDoesNotTellIt() throws IOException {
        Path file = Files.writeString(folder.resolve("tweets.dat"), "");
        assertThatThrownBy(() -> sources(Map.of("deeptweet.feeds.election.file", file.toString())))
                .hasMessageStartingWith("deeptweet.feeds.election.format is auto: use x-api, csv or text");
        assertThat(sources(Map.of(
                        "deeptweet.feeds.election.file", file.toString(), "deeptweet.feeds.election.format", "text")))
                .hasSize(1);
    }

    @Test
    void theDocumentedTableIsCurrent() {
        SettingsDocument.requireCurrent(Path.of("../docs/settings.md"), "ingest", IngestSettings.class);
    }

    private List<FeedSources.Configured> sources(Map<String, String> changes) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "deeptweet.feeds.election.file",
                Files.writeString(folder.resolve("tweets.jsonl"), "").toString()));
        values.putAll(changes);
        return FeedSources.of(Settings.of(IngestSettings.class, values), Clock.systemUTC());
    }
}
