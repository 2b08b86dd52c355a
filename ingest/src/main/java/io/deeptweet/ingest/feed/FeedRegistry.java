// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.ingest.publish.TweetPublisher;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The feeds of this instance: those that have a source, and those that tweets are pushed to. Thread-safe. */
public final class FeedRegistry {
    /** Requests create feeds by naming them, and each feed has metrics of its own. */
    static final int MAX_FEEDS = 1000;

    private static final String PUSH = "push";

    private final TweetPublisher publisher;
    private final FeedListener listener;
    private final Map<String, ActiveFeed> feeds = new ConcurrentSkipListMap<>();

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
        if (feeds.containsKey(feed.name())) throw new IllegalStateException("there are two feeds " + feed.name());
        ActiveFeed active = new ActiveFeed(new FeedSink(feed, publisher, listener), source);
        feeds.put(feed.name(), active);
        listener.registered(active);
        return active;
    }

    /** The feed of that name, which is added if there is none; empty if there are too many feeds already. */
    public Optional<ActiveFeed> pushed(Feed feed) {
        ActiveFeed existing = feeds.get(feed.name());
        return existing == null ? registerPushed(feed) : Optional.of(existing);
    }

    private synchronized Optional<ActiveFeed> registerPushed(Feed feed) {
        if (feeds.containsKey(feed.name())) return Optional.of(feeds.get(feed.name()));
        return feeds.size() < MAX_FEEDS ? Optional.of(register(feed, PUSH)) : Optional.empty();
    }

    /** All feeds, by name. */
    public List<FeedStatus> statuses() {
        return feeds.values().stream().map(ActiveFeed::status).toList();
    }
}
