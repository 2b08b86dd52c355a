// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FeedOptionsTest {
    @TempDir
    Path folder;

    @Command
    private static final class Host {
        @Mixin
        private FeedOptions feed;
    }

    @ParameterizedTest
    @CsvSource({
        "x-election-2024.jsonl.gz, x-election-2024",
        "/data/My Tweets (2024).csv, my-tweets--2024-",
        "2024_08.txt, 2024_08",
        "_odd.txt, odd",
        "été.txt, t-",
        ".jsonl, feed",
        "日本.jsonl, feed"
    })
    void aFeedIsNamedByItsFile(String file, String name) {
        assertThat(options("--feed", file).name()).isEqualTo(name);
    }

    @Test
    void aLongFileNameIsCutToTheLimitOfFeedNames() {
        assertThat(options("--feed", "a".repeat(200) + ".jsonl").name()).isEqualTo("a".repeat(64));
    }

    @Test
    void aGivenNameWinsAndTheShippedFeedIsCalledSample() {
        assertThat(options("--feed", "a.jsonl", "--feed-name", "mine").name()).isEqualTo("mine");
        assertThat(options().name()).isEqualTo("sample");
    }

    @Test
    void aLiveSourceBecomesASourceAndAFeed() {
        assertThat(options("--live=bluesky=ws://localhost:1/subscribe", "--track=apple OR pear")
                        .ingestSettings(folder))
                .isEqualTo(Map.of(
                        "deeptweet.push.languages", "en,und",
                        "deeptweet.sources.bluesky.type", "jetstream",
                        "deeptweet.sources.bluesky.url", "ws://localhost:1/subscribe",
                        "deeptweet.feeds.\"bluesky\".source", "bluesky",
                        "deeptweet.feeds.\"bluesky\".track", "apple OR pear",
                        "deeptweet.feeds.\"bluesky\".start", "resume",
                        "deeptweet.feeds.\"bluesky\".languages", "en,und"));
    }

    @Test
    void severalInstancesOfMastodonAreOneSource() {
        assertThat(options(
                                "--live=mastodon=tea.example,http://localhost:1",
                                "--live=mastodon=cake.example",
                                "--track=tea")
                        .ingestSettings(folder))
                .isEqualTo(Map.of(
                        "deeptweet.push.languages", "en,und",
                        "deeptweet.sources.mastodon.type", "mastodon",
                        "deeptweet.sources.mastodon.url", "https://tea.example,http://localhost:1,https://cake.example",
                        "deeptweet.feeds.\"mastodon\".source", "mastodon",
                        "deeptweet.feeds.\"mastodon\".track", "tea",
                        "deeptweet.feeds.\"mastodon\".start", "resume",
                        "deeptweet.feeds.\"mastodon\".languages", "en,und"));
    }

    @Test
    void postsOfXNeedARuleBecauseTheyCostMoney() {
        assertThat(options("--live=x", "--track=apple").ingestSettings(folder))
                .isEqualTo(Map.of(
                        "deeptweet.push.languages", "en,und",
                        "deeptweet.sources.x.type", "x",
                        "deeptweet.feeds.\"x\".source", "x",
                        "deeptweet.feeds.\"x\".track", "apple",
                        "deeptweet.feeds.\"x\".start", "resume",
                        "deeptweet.feeds.\"x\".languages", "en,und"));
        assertThatThrownBy(() -> options("--live=x").ingestSettings(folder))
                .hasMessage("--live is x: name the posts to pay for by --track");
    }

    @Test
    void theOptionsBecomeIngestsSettings() throws Exception {
        Path file = Files.writeString(folder.resolve("mine.csv"), "");
        assertThat(options("--feed=" + file, "--rate=0", "--loop", "--missing-id=line", "--languages=*")
                        .ingestSettings(file))
                .isEqualTo(Map.of(
                        "deeptweet.push.languages", "*",
                        "deeptweet.feeds.\"mine\".file", file.toString(),
                        "deeptweet.feeds.\"mine\".start", "resume",
                        "deeptweet.feeds.\"mine\".rate", "0.0",
                        "deeptweet.feeds.\"mine\".repeat", "loop",
                        "deeptweet.feeds.\"mine\".created-at", "keep",
                        "deeptweet.feeds.\"mine\".missing-id", "line",
                        "deeptweet.feeds.\"mine\".languages", "*"));
        assertThat(options().ingestSettings(file)).containsEntry("deeptweet.feeds.\"sample\".created-at", "now");
        assertThat(options("--feed=-", "--format=json", "--field=text=/a/b", "--encoding=iso-8859-1")
                        .ingestSettings(file))
                .containsEntry("deeptweet.feeds.\"stdin\".format", "json")
                .containsEntry("deeptweet.feeds.\"stdin\".columns.text", "/a/b")
                .containsEntry("deeptweet.feeds.\"stdin\".encoding", "iso-8859-1");
        assertThatThrownBy(() -> options("--encoding=latin").ingestSettings(file))
                .hasMessageContainingAll("--encoding", "auto", "iso-8859-1", "'latin'");
        assertThatThrownBy(() -> options("--feed=-", "--field=name=x").ingestSettings(file))
                .hasMessage("--field names name: use id, text, created_at, lang, author");
        assertThatThrownBy(() -> options("--feed=-", "--field=id=").ingestSettings(file))
                .hasMessage("--field id is empty: name a column or a field");
        for (String address : new String[] {"mastodon=https://me:pw@h/x", "nowhere=https://me:p@w@h_x"})
            assertThatThrownBy(() -> options("--live=" + address).ingestSettings(file))
                    .hasMessageStartingWith("--live is h")
                    .message()
                    .doesNotContain("me:", "pw");
        assertThat(options("--from-beginning").ingestSettings(file))
                .containsEntry("deeptweet.feeds.\"sample\".start", "beginning");
        assertThat(options("--no-feed").ingestSettings(file)).containsOnlyKeys("deeptweet.push.languages");
    }

    private static FeedOptions options(String... arguments) {
        Host host = new Host();
        new CommandLine(host).parseArgs(arguments);
        return host.feed;
    }
}
