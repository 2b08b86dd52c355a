// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.source.TweetSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The live sources by name: those of the settings, and {@code bluesky}, which is made when it is first asked for. */
final class LiveSources {
    private final Map<String, TweetSource> sources;
    private final Optional<Supplier<TweetSource>> bluesky;

    /** @param bluesky makes the source; empty if its name is taken, because Kafka knows transactions by it */
    LiveSources(Map<String, TweetSource> configured, Optional<Supplier<TweetSource>> bluesky) {
        this.sources = new HashMap<>(configured);
        this.bluesky = bluesky;
    }

    synchronized Optional<TweetSource> find(String name) {
        if (name.equals(IngestSettings.BLUESKY))
            bluesky.ifPresent(make -> sources.computeIfAbsent(name, unused -> make.get()));
        return Optional.ofNullable(sources.get(name));
    }
}
