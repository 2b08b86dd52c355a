// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.feed.FeedStatus;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.service.definition.DefinitionChange;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveFeedsTest {
    private final FeedRegistry registry =
            new FeedRegistry(KafkaMock.thatAcknowledges().publisher(), new RecordingListener());
    private final FakeSources sources = new FakeSources();
    private final LiveFeeds feeds = new LiveFeeds(registry, sources::find, sources, Set.of("replayed"));

    @Test
    void sourcesStartWithWhatSettingsAndTopicHave() {
        feeds.configure(feed("b"), "one", false);
        feeds.apply(defined("a", "one", "apple", false));
        feeds.apply(defined("c", "two", "", true));
        assertThat(sources.events()).isEmpty();
        feeds.start();
        assertThat(sources.events()).containsExactly("start one [a, b]");
        assertThat(registry.statuses()).extracting(FeedStatus::state).containsExactly("running", "running", "paused");
        assertThat(registry.statuses()).extracting(FeedStatus::track).containsExactly("apple", "", "");
    }

    @Test
    void aFeedThatComesOrGoesDoesNotRestartItsSource() {
        feeds.configure(feed("b"), "one", false);
        feeds.start();
        feeds.apply(defined("a", "one", "", false));
        feeds.apply(defined("a", "one", "", true));
        feeds.apply(defined("a", "one", "", false));
        feeds.apply(new DefinitionChange.Removed<>("a"));
        assertThat(sources.events())
                .containsExactly(
                        "start one [b]", "supply one [a, b]", "supply one [b]", "supply one [a, b]", "supply one [b]");
        assertThat(registry.statuses()).extracting(FeedStatus::feed).containsExactly("b");
    }

    /** A new feed does not get what came before it; a paused one does, where the source still has it. */
    @Test
    void aSourceWithoutFeedsEndsAndContinuesWhenOneResumes() {
        feeds.start();
        feeds.apply(defined("a", "one", "", false));
        feeds.apply(defined("a", "one", "", true));
        feeds.apply(defined("a", "one", "", false));
        feeds.apply(new DefinitionChange.Removed<>("a"));
        assertThat(sources.events())
                .containsExactly(
                        "start one anew [a]",
                        "supply one []",
                        "close one",
                        "start one [a]",
                        "supply one []",
                        "close one");
        assertThat(registry.statuses()).isEmpty();
    }

    @Test
    void aReplacedFeedMovesToItsOtherSource() {
        feeds.start();
        feeds.apply(defined("a", "one", "", false));
        feeds.apply(defined("a", "two", "pear", false));
        feeds.apply(defined("a", "two", "pear", false));
        assertThat(sources.events())
                .containsExactly("start one anew [a]", "supply one []", "close one", "start two [a]");
        assertThat(registry.status("a").orElseThrow().track()).isEqualTo("pear");
    }

    @Test
    void ofAFeedOfTheSettingsTheTopicSaysOnlyWhetherItIsPaused() {
        feeds.configure(feed("a"), "one", true);
        feeds.start();
        feeds.apply(defined("a", "two", "pear", true));
        assertThat(registry.status("a").orElseThrow().state()).isEqualTo("paused");
        assertThat(registry.status("a").orElseThrow().track()).isEmpty();
        feeds.apply(new DefinitionChange.Removed<>("a"));
        assertThat(registry.status("a").orElseThrow().state()).isEqualTo("running");
        assertThat(sources.events())
                .containsExactly("start one anew [a]", "supply one []", "close one", "start one [a]");
    }

    /** Other settings than ours. */
    @Test
    void theFeedOfAnotherInstancesSettingsIsNone() {
        feeds.start();
        feeds.apply(new DefinitionChange.Defined<>(
                "a", new FeedDefinition("a", "one", "", "en,und", true, true, Instant.EPOCH)));
        assertThat(registry.statuses()).isEmpty();
    }

    @Test
    void aDefinitionThatCannotRunIsShownAndCanBeReplacedOrRemoved() {
        feeds.start();
        feeds.apply(defined("a", "gone", "", false));
        feeds.apply(defined("b", "one", "(", false));
        feeds.apply(new DefinitionChange.Unreadable<>("c", "tweets.feeds@3 cannot be read: nonsense"));
        assertThat(registry.statuses())
                .extracting(FeedStatus::state, FeedStatus::detail)
                .containsExactly(
                        tuple("failed", "there is no source gone: define deeptweet.sources.gone, or remove the feed"),
                        tuple("failed", "track is \"(\": a word is missing at the end"),
                        tuple("failed", "tweets.feeds@3 cannot be read: nonsense"));
        feeds.apply(defined("b", "one", "", false));
        feeds.apply(new DefinitionChange.Removed<>("c"));
        assertThat(registry.statuses()).extracting(FeedStatus::state).containsExactly("failed", "running");
        assertThat(sources.events()).containsExactly("start one [b]");
    }

    /** Another instance may have other settings. */
    @Test
    void aFeedOfASourceWhoseFeedsOnlyTheSettingsDefineCannotRun() {
        feeds.start();
        feeds.apply(defined("a", "fixed", "", false));
        assertThat(registry.status("a").orElseThrow().state()).isEqualTo("failed");
        assertThat(registry.status("a").orElseThrow().detail()).isEqualTo("only the settings define feeds of fixed");
        assertThat(sources.events()).isEmpty();
    }

    /** Whoever may write to the topic is not trusted with names. */
    @Test
    void namesThatNoLiveFeedCanHaveAreIgnored() {
        feeds.start();
        feeds.apply(defined("Not A Name\u001b[2J", "one", "", false));
        feeds.apply(defined("replayed", "one", "", false));
        assertThat(registry.statuses()).isEmpty();
    }

    @Test
    void theirNumberIsLimited() {
        feeds.start();
        for (int i = 0; i <= LiveFeeds.MOST; i++) feeds.apply(defined("feed-" + i, "gone", "", false));
        assertThat(registry.statuses()).hasSize(LiveFeeds.MOST);
        assertThat(feeds.isFull()).isTrue();
        feeds.apply(new DefinitionChange.Removed<>("feed-0"));
        assertThat(feeds.isFull()).isFalse();
    }

    /** Another instance has taken the source over: to start it again would take it back, and so on. */
    @Test
    void aFeedOfAFailedSourceDoesNotStartItAgain() {
        feeds.configure(feed("a"), "one", false);
        feeds.start();
        sources.state("one").fail("another instance of ingest has taken it over");
        feeds.apply(defined("b", "one", "", false));
        assertThat(registry.statuses()).extracting(FeedStatus::state).containsExactly("failed", "failed");
        assertThat(sources.events()).containsExactly("start one [a]", "supply one [a, b]");
    }

    private static Feed feed(String name) {
        return new Feed(name, LanguageFilter.of("en,und"));
    }

    private static DefinitionChange<FeedDefinition> defined(String name, String source, String track, boolean paused) {
        return new DefinitionChange.Defined<>(name, record(name, source, track, paused));
    }

    private static FeedDefinition record(String name, String source, String track, boolean paused) {
        return new FeedDefinition(name, source, track, "en,und", paused, false, Instant.EPOCH);
    }
}
