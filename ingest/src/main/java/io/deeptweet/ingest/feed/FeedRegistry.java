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
     * @param source where its tweets come from, for people to read
     * @throws IllegalStateException if there is a feed of that name
     */
    public synchronized ActiveFeed register(Feed feed, String source) {
        return register(feed, source, false);
    }

    private ActiveFeed register(Feed feed, String source, boolean isPushed) {
        if (feeds.containsKey(feed.name())) throw new IllegalStateException("there are two feeds " + feed.name());
        ActiveFeed active = new ActiveFeed(new FeedSink(feed, publisher, listener), source, isPushed);
        feeds.put(feed.name(), active);
        listener.registered(active);
        return active;
    }

    /** The feed of that name, which is added if there is none. */
    public synchronized ActiveFeed pushed(Feed feed) {
        ActiveFeed known = Optional.ofNullable(pushed.get(feed.name())).orElse(feeds.get(feed.name()));
        if (known != null) return known;
        if (pushed.size() == MAX_PUSHED) forget(pushed.values().iterator().next());
        ActiveFeed added = register(feed, PUSH, true);
        pushed.put(feed.name(), added);
        return added;
    }

    private void forget(ActiveFeed feed) {
        pushed.remove(feed.name());
        feeds.remove(feed.name());
        listener.removed(feed);
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
