// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.FeedListener;
import io.deeptweet.ingest.source.Interruption;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The metrics of the feeds. Each feed that has a source has its own, and so have {@value #MOST_PUSHED} of those that
 * requests name; the others share the name {@value #OTHER}.
 */
@Singleton
class FeedMetrics implements FeedListener {
    static final int MOST_PUSHED = 100;
    static final String OTHER = "other";

    private static final String INTERRUPTED = "deeptweet.feed.interrupted";
    private static final String NEXT_TRY = "deeptweet.feed.next.try.seconds";
    private static final String LAG = "deeptweet.feed.lag.seconds";
    private static final List<String> NAMES = List.of(
            "deeptweet.ingested",
            "deeptweet.filtered",
            "deeptweet.rejected",
            "deeptweet.skipped",
            "deeptweet.feed.failed",
            INTERRUPTED,
            NEXT_TRY,
            LAG);

    private final MeterRegistry meters;
    private final Set<String> named = ConcurrentHashMap.newKeySet();
    private final Set<String> pushed = new HashSet<>();

    @Inject
    FeedMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public synchronized void registered(ActiveFeed feed) {
        if (feed.isPushed() && pushed.size() == MOST_PUSHED) return;
        if (feed.isPushed()) pushed.add(feed.name());
        named.add(feed.name());
        Tags tags = Tags.of("feed", feed.name());
        meters.gauge("deeptweet.feed.failed", tags, feed, active -> active.hasFailed() ? 1 : 0);
        for (Interruption.Kind kind : Interruption.Kind.values())
            meters.gauge(
                    INTERRUPTED,
                    tags.and("reason", kind.label()),
                    feed,
                    active -> active.isInterruptedBy(kind.label()) ? 1 : 0);
        meters.gauge(NEXT_TRY, tags, feed, active -> active.secondsToNextTry().orElse(Double.NaN));
        meters.gauge(LAG, tags, feed, active -> active.lagSeconds().orElse(Double.NaN));
    }

    @Override
    public synchronized void removed(ActiveFeed feed) {
        pushed.remove(feed.name());
        if (!named.remove(feed.name())) return;
        for (Meter meter : List.copyOf(meters.getMeters()))
            if (NAMES.contains(meter.getId().getName())
                    && feed.name().equals(meter.getId().getTag("feed"))) meters.remove(meter);
    }

    @Override
    public void published(String feed, long tweets) {
        meters.counter("deeptweet.ingested", "feed", label(feed)).increment(tweets);
    }

    @Override
    public void filtered(String feed, long tweets) {
        meters.counter("deeptweet.filtered", "feed", label(feed)).increment(tweets);
    }

    @Override
    public void rejected(String feed, Reason reason, long records) {
        meters.counter("deeptweet.rejected", "feed", label(feed), "reason", reason.code())
                .increment(records);
    }

    @Override
    public void skipped(String feed, String kind, long records) {
        meters.counter("deeptweet.skipped", "feed", label(feed), "kind", kind).increment(records);
    }

    @Override
    public void event(String source, String kind) {
        Counter.builder("deeptweet.source.events")
                .tags("source", source, "kind", kind)
                .description("What a live source has sent, by kind")
                .register(meters)
                .increment();
    }

    private String label(String feed) {
        return named.contains(feed) ? feed : OTHER;
    }
}
