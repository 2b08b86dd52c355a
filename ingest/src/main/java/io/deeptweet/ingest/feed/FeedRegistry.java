// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.publish.TweetPublisher;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The feeds of this instance: those that have a source, and those that tweets are pushed to. Requests create feeds by
 * naming them: of these it keeps the {@value #MAX_PUSHED} that were used last. Thread-safe.
 */
public final class FeedRegistry {
    static final int MAX_PUSHED = 1000;

    private static final String PUSH = "push";

    private final TweetPublisher publisher;
    private final FeedListener listener;
    private final SortedMap<String, ActiveFeed> feeds = new TreeMap<>();
    /** Feeds without a source, by name; the one that was used longest ago is first. */
    private final Map<String, ActiveFeed> pushed = new LinkedHashMap<>(16, 0.75f, true);

    public FeedRegistry(TweetPublisher publisher, FeedListener listener) {
        this.publisher = publisher;
        this.listener = listener;
    }

    /**
     * Adds a feed that has a source.
     *
     * <p>It replaces a feed of that name that exists because a request named it.
     *
     * @param source where its tweets come from, for people to read
     * @param state that of the source
     * @throws IllegalStateException if there is a feed of that name that has a source
     */
    public synchronized ActiveFeed register(Feed feed, String source, SourceState state) {
        Optional.ofNullable(pushed.get(feed.name())).ifPresent(this::remove);
        return register(feed, source, state, false);
    }

    /** As {@link #register}, in place of one of the same name, which counts anew. */
    public synchronized ActiveFeed replace(ActiveFeed earlier, Feed feed, String source, SourceState state) {
        remove(earlier);
        return register(feed, source, state, false);
    }

    private ActiveFeed register(Feed feed, String source, SourceState state, boolean isPushed) {
        if (feeds.containsKey(feed.name())) throw new IllegalStateException("there are two feeds " + feed.name());
        ActiveFeed active = new ActiveFeed(new FeedSink(feed, publisher, listener), source, isPushed, state);
        feeds.put(feed.name(), active);
        listener.registered(active);
        return active;
    }

    /** The feed of that name, which is added if there is none. */
    public synchronized ActiveFeed pushed(Feed feed) {
        ActiveFeed known = Optional.ofNullable(pushed.get(feed.name())).orElse(feeds.get(feed.name()));
        if (known != null) return known;
        if (pushed.size() == MAX_PUSHED) remove(pushed.values().iterator().next());
        ActiveFeed added = register(feed, PUSH, new SourceState(), true);
        pushed.put(feed.name(), added);
        return added;
    }

    /** Ends a feed, and its metrics. */
    public synchronized void remove(ActiveFeed feed) {
        pushed.remove(feed.name());
        feeds.remove(feed.name());
        listener.removed(feed);
    }

    /** The feed of that name; empty if there is none. */
    public synchronized Optional<FeedStatus> status(String name) {
        return Optional.ofNullable(feeds.get(name)).map(ActiveFeed::status);
    }

    /** All feeds, by name. */
    public List<FeedStatus> statuses() {
        return all().stream().map(ActiveFeed::status).toList();
    }

    /**
     * Why Kafka takes the records of no source; empty if it takes those of one, or refuses a source for a reason of its
     * own.
     */
    public Optional<String> outage() {
        List<ActiveFeed> all = all();
        if (all.stream().anyMatch(ActiveFeed::isPublishing)) return Optional.empty();
        return all.stream()
                .flatMap(feed -> feed.outage().map(why -> "feed " + feed.name() + ": " + why).stream())
                .findFirst();
    }

    private synchronized List<ActiveFeed> all() {
        return List.copyOf(feeds.values());
    }
}
