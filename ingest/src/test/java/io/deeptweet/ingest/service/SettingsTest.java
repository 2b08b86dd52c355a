// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void aFileIsAllThatAFeedNeeds() throws IOException {
        Settings settings = settings(Map.of());
        assertThat(settings.feeds().keySet())
                .singleElement()
                .satisfies(feed -> assertThat(feed.name()).isEqualTo("election"));
        assertThat(settings.topics().partitions()).isEqualTo(4);
        assertThat(settings.push().defaultFeed()).isEqualTo("push");
    }

    /** The key, the value, and what would be right. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.feeds.election.source     | stdin    | deeptweet.feeds.election.source is stdin: use replay",
                "deeptweet.feeds.election.file       | /nowhere | deeptweet.feeds.election.file is /nowhere: there is no such file",
                "deeptweet.feeds.election.format     | xml      | deeptweet.feeds.election.format is xml: use auto or x-api or csv or text",
                "deeptweet.feeds.election.rate       | fast     | deeptweet.feeds.election.rate is fast: use tweets a second",
                "deeptweet.feeds.election.rate       | -1       | deeptweet.feeds.election.rate is -1: use tweets a second",
                "deeptweet.feeds.election.rate       | NaN      | deeptweet.feeds.election.rate is NaN: use tweets a second",
                "deeptweet.feeds.election.repeat     | twice    | deeptweet.feeds.election.repeat is twice: use once or loop",
                "deeptweet.feeds.election.created-at | then     | deeptweet.feeds.election.created-at is then: use keep or now",
                "deeptweet.feeds.election.missing-id | guess    | deeptweet.feeds.election.missing-id is guess: use reject or line",
                "deeptweet.feeds.election.languages  | english  | deeptweet.feeds.election.languages is english: use two-letter languages",
                "deeptweet.feeds.election.columns.mood | Mood   | deeptweet.feeds.election.columns.mood is Mood: the columns that can be named are",
                "deeptweet.feeds.Election.file       | x        | the name of the feed deeptweet.feeds.Election is Election: use 1 to 64 lower-case letters",
                "deeptweet.topics.partitions         | 0        | deeptweet.topics.partitions is 0: use 1 to 10000",
                "deeptweet.topics.replication-factor | 0        | deeptweet.topics.replication-factor is 0: use 1 or more, or -1",
                "deeptweet.push.default-feed         | My Feed  | deeptweet.push.default-feed is My Feed: use lower-case letters",
                "deeptweet.push.timeout-seconds      | soon     | deeptweet.push.timeout-seconds is soon: use 1 to 3600",
            })
    void aWrongValueNamesItself(String key, String value, String message) {
        assertThatThrownBy(() -> settings(Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aFileWhoseNameTellsNothingWantsAFormat() throws IOException {
        Path file = Files.writeString(folder.resolve("tweets.dat"), "");
        assertThatThrownBy(() -> settings(Map.of("deeptweet.feeds.election.file", file.toString())))
                .hasMessageContaining("does not tell its format");
        assertThat(settings(Map.of(
                                "deeptweet.feeds.election.file",
                                file.toString(),
                                "deeptweet.feeds.election.format",
                                "text"))
                        .feeds())
                .hasSize(1);
    }

    private Settings settings(Map<String, String> changes) throws IOException {
        Map<String, String> values = new HashMap<>(Map.of(
                "deeptweet.feeds.election.file",
                Files.writeString(folder.resolve("tweets.jsonl"), "").toString()));
        values.putAll(changes);
        IngestConfig config = new SmallRyeConfigBuilder()
                .withMapping(IngestConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withValidateUnknown(false)
                .build()
                .getConfigMapping(IngestConfig.class);
        return Settings.of(config, Clock.systemUTC());
    }
}
