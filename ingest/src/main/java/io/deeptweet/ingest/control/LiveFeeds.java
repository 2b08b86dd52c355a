// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRegistry;
import io.deeptweet.ingest.feed.FeedSink;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.feed.SourceState;
import io.deeptweet.ingest.source.SourceHandle;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.definition.DefinitionChange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The feeds of live sources: those of the settings, and those of {@code tweets.feeds}. Runs each source that has a feed
 * that is not paused. All changes come from the topic, in its order, so that all instances agree. Thread-safe.
 */
public final class LiveFeeds {
    /** Most feeds that the topic may define. */
    public static final int MOST = 1_000;

    private static final Logger LOG = Logger.getLogger(LiveFeeds.class);
    private static final LanguageFilter ALL_LANGUAGES = LanguageFilter.of("*");

    /** Starts sources. */
    public interface Launcher {
        /** @param fromBeginning whether the source forgets its position */
        SourceHandle start(
                String name, TweetSource source, SourceState state, List<FeedSink> sinks, boolean fromBeginning);
    }

    /**
     * A feed that is known.
     *
     * @param configured whether the settings define it
     * @param fault why it cannot run, in a sentence; empty if it can
     */
    record Known(DefinedFeed definition, boolean configured, Optional<String> fault, ActiveFeed active) {
        String name() {
            return definition.name();
        }

        boolean isSupplied() {
            return fault.isEmpty() && !definition.paused();
        }

        Known paused(boolean whether) {
            active.pause(whether);
            return new Known(definition.paused(whether), configured, fault, active);
        }
    }

    /** A source, which runs or not. */
    private static final class Supply {
        private final TweetSource source;
        private final SourceState state = new SourceState();
        private Optional<SourceHandle> running = Optional.empty();
        private boolean fromBeginning;

        Supply(TweetSource source) {
            this.source = source;
        }
    }

    private final FeedRegistry registry;
    private final Function<String, Optional<TweetSource>> sources;
    private final Launcher launcher;
    private final Set<String> replays;
    /** By name. Changed under the lock, and read without it: whoever asks does not wait for Kafka. */
    private final SortedMap<String, Known> feeds = new ConcurrentSkipListMap<>();

    private final Map<String, Supply> supplies = new HashMap<>();
    private volatile boolean started;

    /**
     * @param sources the live sources by name; the same one each time
     * @param replays names of the feeds that replay files, which only the settings change
     */
    public LiveFeeds(
            FeedRegistry registry,
            Function<String, Optional<TweetSource>> sources,
            Launcher launcher,
            Set<String> replays) {
        this.registry = registry;
        this.sources = sources;
        this.launcher = launcher;
        this.replays = Set.copyOf(replays);
    }

    /**
     * Adds a feed of the settings, before {@link #start}.
     *
     * @param fromBeginning whether the source's first start forgets its position
     */
    public synchronized void configure(Feed feed, String source, boolean fromBeginning) {
        Supply supply = supply(source).orElseThrow();
        supply.fromBeginning |= fromBeginning;
        put(new DefinedFeed(feed, source, false), true, Optional.empty());
    }

    /** Starts the sources, each from its position. */
    public synchronized void start() {
        started = true;
        for (Map.Entry<String, Supply> supply : Map.copyOf(supplies).entrySet())
            reconcile(supply.getKey(), supply.getValue().fromBeginning);
    }

    /** Starts no source from now on, and stops none. Does not wait for a change that is being applied. */
    public void disable() {
        started = false;
    }

    /** The feed of this name; empty if no live source supplies one. */
    Optional<Known> find(String name) {
        return Optional.ofNullable(feeds.get(name));
    }

    boolean isReplay(String name) {
        return replays.contains(name);
    }

    /** Whether feeds may name this source. */
    boolean hasSource(String name) {
        return sources.apply(name).isPresent();
    }

    /** Why only the settings define the feeds of this source; empty if others may. */
    Optional<String> fixedFeeds(String source) {
        return sources.apply(source).flatMap(TweetSource::fixedFeeds);
    }

    boolean isFull() {
        return feeds.values().stream().filter(feed -> !feed.configured()).count() >= MOST;
    }

    /** Applies a change. Blocks while Kafka is slow, or a source that has no feed any more ends. */
    public synchronized void apply(DefinitionChange<FeedDefinition> change) {
        String name = change.name();
        Optional<Known> known = find(name);
        if (!TweetLimits.isFeedName(name) || isReplay(name)) {
            LOG.warnf(
                    "the definition of the feed %s is ignored: no live source can have it", UntrustedText.quoted(name));
        } else if (known.filter(Known::configured).isPresent()) {
            pause(
                    known.get(),
                    change instanceof DefinitionChange.Defined<FeedDefinition> defined
                            && defined.definition().getPaused());
        } else if (change instanceof DefinitionChange.Unreadable<FeedDefinition> unreadable) {
            fail(new DefinedFeed(new Feed(name, ALL_LANGUAGES), "", false), unreadable.fault());
        } else if (change instanceof DefinitionChange.Defined<FeedDefinition> defined
                && !defined.definition().getConfigured()) {
            define(defined);
        } else {
            known.ifPresent(this::remove); // also if other settings define it, or earlier ones did
        }
    }

    private void define(DefinitionChange.Defined<FeedDefinition> change) {
        DefinedFeed definition;
        try {
            definition = DefinedFeed.of(change.name(), change.definition());
        } catch (IllegalArgumentException e) {
            fail(new DefinedFeed(new Feed(change.name(), ALL_LANGUAGES), "", false), e.getMessage());
            return;
        }
        Optional<Known> known = find(definition.name());
        if (!hasSource(definition.source())) {
            fail(
                    definition,
                    "there is no source " + definition.source() + ": define deeptweet.sources." + definition.source()
                            + ", or remove the feed");
        } else if (fixedFeeds(definition.source()).isPresent()) {
            fail(definition, fixedFeeds(definition.source()).get());
        } else if (known.filter(
                        feed -> feed.fault().isEmpty() && feed.definition().isSameAs(definition))
                .isPresent()) {
            pause(known.get(), definition.paused());
        } else if (known.isEmpty() && isFull()) {
            LOG.warnf("the feed %s is ignored: there are %d feeds already", definition.name(), MOST);
        } else {
            put(definition, false, Optional.empty());
            known.map(earlier -> earlier.definition().source())
                    .filter(earlier -> !earlier.equals(definition.source()))
                    .ifPresent(earlier -> reconcile(earlier, false));
            reconcile(definition.source(), known.isEmpty());
        }
    }

    /** Shows a feed that cannot run. */
    private void fail(DefinedFeed definition, String fault) {
        Optional<Known> known = find(definition.name());
        if (known.isEmpty() && isFull()) return;
        LOG.warnf("the feed %s cannot run: %s", definition.name(), UntrustedText.oneLine(fault));
        put(definition, false, Optional.of(fault));
        known.ifPresent(earlier -> reconcile(earlier.definition().source(), false));
    }

    /** The feed exists from now on, so that what the source is about to give it is counted. */
    private void put(DefinedFeed definition, boolean configured, Optional<String> fault) {
        Optional<Supply> supply = fault.isPresent() ? Optional.empty() : supply(definition.source());
        SourceState state = supply.map(found -> found.state).orElseGet(SourceState::new);
        fault.ifPresent(state::fail);
        String source = supply.map(found -> found.source.describe()).orElse(definition.source());
        ActiveFeed active = find(definition.name())
                .map(earlier -> registry.replace(earlier.active(), definition.feed(), source, state))
                .orElseGet(() -> registry.register(definition.feed(), source, state));
        feeds.put(definition.name(), new Known(definition, configured, fault, active).paused(definition.paused()));
    }

    private void pause(Known feed, boolean whether) {
        if (feed.definition().paused() == whether) return;
        feeds.put(feed.name(), feed.paused(whether));
        reconcile(feed.definition().source(), false);
    }

    /** Its metrics go last: what its source has written for it is counted before. */
    private void remove(Known feed) {
        feeds.remove(feed.name());
        reconcile(feed.definition().source(), false);
        registry.remove(feed.active());
    }

    /**
     * Makes a source supply the feeds that it has, and run if there is one.
     *
     * @param fromBeginning if it does not run: whether it starts with what comes now, or at its position
     */
    private void reconcile(String source, boolean fromBeginning) {
        Optional<Supply> found = started ? supply(source) : Optional.empty();
        if (found.isEmpty()) return;
        Supply supply = found.get();
        List<FeedSink> sinks = feeds.values().stream()
                .filter(feed -> feed.isSupplied() && feed.definition().source().equals(source))
                .map(feed -> feed.active().sink())
                .toList();
        supply.running.ifPresent(running -> running.supply(sinks));
        if (supply.running.isPresent() && sinks.isEmpty()) {
            supply.running.get().close();
            supply.running = Optional.empty();
            LOG.infof("source %s has stopped: none of its feeds is to get tweets", source);
        } else if (supply.running.isEmpty() && !sinks.isEmpty()) {
            supply.state.start();
            supply.running = Optional.of(launcher.start(source, supply.source, supply.state, sinks, fromBeginning));
        }
    }

    private Optional<Supply> supply(String source) {
        return Optional.ofNullable(supplies.get(source))
                .or(() -> sources.apply(source).map(Supply::new).map(made -> {
                    supplies.put(source, made);
                    return made;
                }));
    }
}
