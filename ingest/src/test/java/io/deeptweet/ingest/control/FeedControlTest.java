// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.control.FeedRefusedException.Kind;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.RecordingListener;
import io.deeptweet.ingest.publish.KafkaMock;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.service.definition.DefinitionChange;
import io.deeptweet.service.definition.DefinitionChanges;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedControlTest {
    /** A topic in memory, whose changes are applied at once. */
    private final class Topic implements DefinitionChanges<FeedDefinition> {
        private final List<String> written = new ArrayList<>();
        private Optional<KafkaException> failure = Optional.empty();
        private boolean applies = true;

        @Override
        public long write(String name, Optional<FeedDefinition> definition) {
            if (failure.isPresent()) throw failure.get();
            written.add(name
                    + definition
                            .map(defined -> defined.getPaused() ? " paused" : " active")
                            .orElse(" removed"));
            if (applies)
                feeds.apply(
                        definition.isPresent()
                                ? new DefinitionChange.Defined<>(name, definition.get())
                                : new DefinitionChange.Removed<>(name));
            return written.size();
        }

        @Override
        public boolean awaitApplied(long offset, Duration patience) {
            return applies;
        }
    }

    private final FeedRegistry registry =
            new FeedRegistry(KafkaMock.thatAcknowledges().publisher(), new RecordingListener());
    private final FakeSources sources = new FakeSources();
    private final LiveFeeds feeds = new LiveFeeds(registry, sources::find, sources, Set.of("replayed"));
    private final Topic topic = new Topic();
    private final FeedControl control = new FeedControl(topic, feeds, registry, Clock.systemUTC());

    @BeforeEach
    void start() {
        feeds.configure(new Feed("configured", LanguageFilter.of("en")), "one", false);
        feeds.start();
    }

    @Test
    void aFeedIsAddedPausedResumedReplacedAndRemoved() throws FeedRefusedException {
        assertThat(control.add(feed("a", "one", "apple")).changed()).isTrue();
        assertThat(control.pause("a", true).feed().state()).isEqualTo("paused");
        assertThat(control.replace(feed("a", "one", "pear")).feed())
                .satisfies(feed -> assertThat(feed.track()).isEqualTo("pear"))
                .satisfies(feed -> assertThat(feed.state()).isEqualTo("paused"));
        assertThat(control.pause("a", false).feed().state()).isEqualTo("running");
        control.remove("a");
        assertThat(registry.status("a")).isEmpty();
        assertThat(topic.written).containsExactly("a active", "a paused", "a paused", "a active", "a removed");
    }

    @Test
    void whatIsSoAlreadyIsNotWrittenAgain() throws FeedRefusedException {
        control.add(feed("a", "one", "apple"));
        assertThat(control.add(feed("a", "one", "apple")).changed()).isFalse();
        assertThat(control.pause("a", false).changed()).isFalse();
        assertThat(topic.written).hasSize(1);
        refused(() -> control.add(feed("a", "two", "apple")), Kind.CONFLICT, "there is another feed a");
    }

    /** Nothing is left on the topic of a feed of the settings that is not paused. */
    @Test
    void aFeedOfTheSettingsIsPausedButNotRemoved() throws FeedRefusedException {
        control.pause("configured", true);
        control.pause("configured", false);
        assertThat(topic.written).containsExactly("configured paused", "configured removed");
        refused(() -> control.remove("configured"), Kind.CONFLICT, "remove the setting");
        refused(() -> control.replace(feed("configured", "one", "")), Kind.CONFLICT, "change the setting");
        refused(() -> control.add(feed("configured", "one", "")), Kind.CONFLICT, "another name");
        refused(() -> control.remove("replayed"), Kind.CONFLICT, "the settings define the feed replayed");
        refused(() -> control.pause("replayed", true), Kind.CONFLICT, "only feeds of live sources");
    }

    @Test
    void whatDoesNotExistIsRefused() {
        refused(() -> control.pause("a", true), Kind.UNKNOWN, "no live source has a feed \"a\"");
        refused(() -> control.remove("a\u001b"), Kind.UNKNOWN, "\"a\uFFFD\"");
        refused(() -> control.replace(feed("a", "one", "")), Kind.UNKNOWN, "no live source has a feed");
        refused(() -> control.add(feed("a", "three", "")), Kind.INVALID, "source is \"three\": use bluesky, or");
        assertThat(topic.written).isEmpty();
    }

    @Test
    void aSourceWhoseFeedsOnlyTheSettingsDefineGetsNoOthers() throws FeedRefusedException {
        feeds.configure(new Feed("own", LanguageFilter.of("en")), "fixed", false);
        control.add(feed("a", "one", ""));
        String why = "only the settings define feeds of fixed";
        refused(() -> control.add(feed("b", "fixed", "")), Kind.CONFLICT, why);
        refused(() -> control.replace(feed("a", "fixed", "")), Kind.CONFLICT, why);
        assertThat(topic.written).containsExactly("a active");
        assertThat(control.pause("own", true).feed().state()).isEqualTo("paused");
    }

    @Test
    void aFeedBeyondTheLimitIsRefused() throws FeedRefusedException {
        for (int i = 0; i < LiveFeeds.MOST; i++) control.add(feed("feed-" + i, "one", ""));
        refused(() -> control.add(feed("more", "one", "")), Kind.CONFLICT, "there are 1000 feeds already: remove one");
    }

    @Test
    void aFailureOfKafkaChangesNothing() {
        topic.failure = Optional.of(new TimeoutException("no answer"));
        refused(
                () -> control.add(feed("a", "one", "")),
                Kind.UNAVAILABLE,
                "did not acknowledge the change of the feed a");
        topic.failure = Optional.empty();
        topic.applies = false;
        refused(() -> control.add(feed("a", "one", "")), Kind.UNAVAILABLE, "not applied it yet: see GET /feeds");
        assertThat(registry.status("a")).isEmpty();
    }

    @Test
    void aFeedThatCannotRunCanOnlyBeReplacedOrRemoved() throws FeedRefusedException {
        feeds.apply(new DefinitionChange.Unreadable<>("a", "it cannot be read"));
        refused(() -> control.pause("a", true), Kind.CONFLICT, "the feed a cannot run: it cannot be read");
        assertThat(control.replace(feed("a", "one", "")).feed().state()).isEqualTo("running");
        control.remove("a");
        assertThat(registry.status("a")).isEmpty();
    }

    private static void refused(ThrowingCallable change, Kind kind, String message) {
        assertThatThrownBy(change)
                .isInstanceOfSatisfying(
                        FeedRefusedException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining(message);
    }

    private static DefinedFeed feed(String name, String source, String track) {
        return DefinedFeed.of(name, source, track, "en,und");
    }
}
