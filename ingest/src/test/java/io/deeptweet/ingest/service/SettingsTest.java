// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.source.live.MastodonSource;
import io.deeptweet.ingest.source.live.MastodonSource.Instance;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.settings.Settings;
import io.deeptweet.service.settings.SettingsDocument;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
        assertThat(settings.detectLanguages()).isTrue();
    }

    /** The key, the value, and what to use instead. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "deeptweet.feeds.election.source         | stdin    | is stdin: use replay",
                "deeptweet.feeds.election.file           | /nowhere | is /nowhere: use a file that exists",
                "deeptweet.feeds.election.format         | xml      | is xml: use auto, json, csv or text",
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
        assertThat(FeedSources.bluesky(settings, LanguageDetector.NONE, Clock.systemUTC())
                        .describe())
                .startsWith("Jetstream at jetstream1.us-east.bsky.network, ");
    }

    @Test
    void aPolledApiNeedsAnAddressAndSettingsThatFit() throws IOException {
        String url = "https://localhost:1/tweets?lang=en";
        assertThat(polled(Map.of("url", url, "polling.parameters.query", "apple OR \"pie\""))
                        .source()
                        .describe())
                .isEqualTo("https://localhost:1/tweets");
        assertThat(polled(Map.of(
                                "url",
                                url,
                                "token",
                                "s3cret",
                                "polling.token-header",
                                "X-API-Key",
                                "polling.items",
                                "/a/0/b"))
                        .name())
                .isEqualTo("api");
        assertFault("url is missing: use the address of the API", Map.of());
        assertFault("url is wss://localhost/x: use https://", Map.of("url", "wss://localhost/x"));
        assertFault("url is https://a:1/,https://b:1/: use one address", Map.of("url", "https://a:1/,https://b:1/"));
        assertFault("url is an address with a password: use token", Map.of("url", "https://me:pw@localhost/"));
        assertFault("url is https://my_host/: use https://", Map.of("url", "https://me:pw@my_host/"));
        assertFault("url is https://h/,https://i/: use one address", Map.of("url", "https://me:p@w@h/,https://i/"));
        assertFault("polling.items is tweets: use a JSON pointer", Map.of("url", url, "polling.items", "tweets"));
        assertFault("polling.items is /a~2: use a JSON pointer", Map.of("url", url, "polling.items", "/a~2"));
        assertFault("polling.fields.id is /a~: use a name", Map.of("url", url, "polling.fields.id", "/a~"));
        assertFault("mood: use id, text", Map.of("url", url, "polling.fields.mood", "x"));
        assertFault("polling.parameter is missing", Map.of("url", url, "polling.paging", "since-id"));
        assertFault(
                "polling.next is missing: use where an answer holds the next cursor",
                Map.of("url", url, "polling.paging", "cursor", "polling.parameter", "after"));
        assertFault(
                "polling.parameter is page: use polling.paging too", Map.of("url", url, "polling.parameter", "page"));
        assertFault(
                "polling.positive is 0,1: use values that polling.negative has not",
                Map.of("url", url, "polling.positive", "0,1"));
        assertFault(
                "polling.token-header is Host: use a header that a client may set",
                Map.of("url", url, "token", "s3cret", "polling.token-header", "Host"));
        assertThatThrownBy(() -> polled(Map.of("url", url, "token", "s3cr\u00e9t")))
                .hasMessageContaining("token has a wrong value, not shown because it is secret")
                .hasMessageNotContaining("s3cr");
    }

    private void assertFault(String fault, Map<String, String> settings) {
        assertThatThrownBy(() -> polled(settings)).hasMessageContaining(fault);
    }

    private FeedSources.Configured polled(Map<String, String> settings) throws IOException {
        Map<String, String> all =
                new HashMap<>(Map.of("deeptweet.sources.api.type", "polling", "deeptweet.feeds.live.source", "api"));
        settings.forEach((key, value) -> all.put("deeptweet.sources.api." + key, value));
        return sources(all).stream()
                .filter(source -> source.name().equals("api"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void instancesOfMastodonHaveTheirTokensInTheirOrder() {
        Map<String, String> settings = Map.of(
                "deeptweet.sources.fedi.type", "mastodon",
                "deeptweet.sources.fedi.url", "https://tea.example/,https://cake.example,https://milk.example:8443",
                "deeptweet.sources.fedi.token", "aaa,,ccc",
                "deeptweet.sources.fedi.hashtags", "#tea,été");
        MastodonSource.Options options = MastodonSources.options("fedi", source(settings), 1_000);
        assertThat(options.instances())
                .containsExactly(
                        new Instance(URI.create("https://tea.example"), Optional.of("aaa")),
                        new Instance(URI.create("https://cake.example"), Optional.empty()),
                        new Instance(URI.create("https://milk.example:8443"), Optional.of("ccc")));
        assertThat(options.timeline()).isEmpty();
        assertThat(options.hashtags()).containsExactly("tea", "été");
        assertThat(options.quiet()).isEqualTo(Duration.ofSeconds(45));
        assertThat(MastodonSources.options(
                                "fedi",
                                source(Map.of(
                                        "deeptweet.sources.fedi.type", "mastodon",
                                        "deeptweet.sources.fedi.url", "http://localhost:1",
                                        "deeptweet.sources.fedi.quiet", "20s")),
                                1_000)
                        .timeline())
                .contains(MastodonSource.Timeline.PUBLIC);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url      | https://tea.example/about       | url is https://tea.example/about: use addresses of inst",
                "url      | wss://tea.example               | url is wss://tea.example: use addresses of instances",
                "url      | https://ada:b@tea.example       | url is",
                "url      | ''                              | url is missing: use addresses of instances",
                "token    | aaa,bbb                         | url is missing: use an instance for each token: there",
                "token    | aaa\u0001b                      | token has a wrong value, not shown because it is secret",
                "timeline | home                            | timeline is home: use public, local or remote",
                "hashtags | a b                             | hashtags is a b: use words separated by commas",
            })
    void aWrongSettingOfMastodonNamesItself(String key, String value, String message) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "deeptweet.feeds.tea.source", "fedi",
                "deeptweet.sources.fedi.type", "mastodon",
                "deeptweet.sources.fedi.url", "https://tea.example"));
        settings.put("deeptweet.sources.fedi." + key, value.translateEscapes());
        assertThatThrownBy(() -> sources(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("deeptweet.sources.fedi." + message)
                .hasMessageNotContainingAny("aaa", "bbb");
    }

    private static LiveSettings source(Map<String, String> settings) {
        return Settings.of(IngestSettings.class, settings).sources().get("fedi");
    }

    @Test
    void aSourceOfXNeedsATokenAndARuleThatXKnows() throws IOException {
        Map<String, String> x = new HashMap<>(Map.of(
                "deeptweet.sources.x.type", "x",
                "deeptweet.sources.x.token", "AAAA-secret",
                "deeptweet.feeds.apple.source", "x",
                "deeptweet.feeds.apple.track", "apple OR from:bob"));
        assertThat(sources(x))
                .filteredOn(source -> source.name().equals("x"))
                .singleElement()
                .satisfies(source -> assertThat(source.source().describe()).isEqualTo("X at api.x.com"));
        assertRefused(x, "token", null, "deeptweet.sources.x.token is missing: use the bearer token");
        assertRefused(x, "token", "a b", "deeptweet.sources.x.token has a wrong value, not shown because it is secret");
        assertRefused(x, "x.expand", "false", "deeptweet.sources.x.x.expand is false: use true, because a rule has");
        assertRefused(x, "url", "wss://localhost", "deeptweet.sources.x.url is wss://localhost: use https://");
        x.put("deeptweet.feeds.apple.track", "apple sample:10");
        assertRefused(x, "quiet", "20s", "deeptweet.sources.x.x.rule is missing: use a rule in X's language, because");
        x.put("deeptweet.sources.x.x.rule", "apple has:images");
        assertThat(sources(x)).hasSize(2);
    }

    /** Its rules would be none. */
    @Test
    void aSourceOfXWithoutFeedsNeedsARule() throws IOException {
        Map<String, String> x =
                new HashMap<>(Map.of("deeptweet.sources.x.type", "x", "deeptweet.sources.x.token", "AAAA-secret"));
        assertRefused(x, "x.rule", null, "deeptweet.sources.x.x.rule is missing: use a rule in X's language, because");
        x.put("deeptweet.sources.x.x.rule", "apple");
        assertThat(sources(x).get(1).source().fixedFeeds()).isEmpty();
        x.remove("deeptweet.sources.x.x.rule");
        x.putAll(Map.of("deeptweet.feeds.apple.source", "x", "deeptweet.feeds.apple.track", "apple"));
        assertThat(sources(x).get(1).source().fixedFeeds())
                .contains("source x takes the posts of the rules of its feeds in the settings: set"
                        + " deeptweet.sources.x.x.rule to add feeds while it runs");
    }

    private void assertRefused(Map<String, String> settings, String setting, String value, String message) {
        Map<String, String> changed = new HashMap<>(settings);
        changed.remove("deeptweet.sources.x." + setting);
        if (value != null) changed.put("deeptweet.sources.x." + setting, value);
        assertThatThrownBy(() -> sources(changed)).hasMessageStartingWith(message);
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
        return FeedSources.of(Settings.of(IngestSettings.class, values), LanguageDetector.NONE, Clock.systemUTC());
    }
}
