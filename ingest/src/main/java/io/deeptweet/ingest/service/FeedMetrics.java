// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.ActiveFeed;
import io.deeptweet.ingest.feed.FeedListener;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** The metrics of the feeds. */
@Singleton
class FeedMetrics implements FeedListener {
    private final MeterRegistry meters;

    @Inject
    FeedMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void registered(ActiveFeed feed) {
        meters.gauge("deeptweet.feed.failed", Tags.of("feed", feed.name()), feed, active -> active.hasFailed() ? 1 : 0);
    }

    @Override
    public void published(String feed) {
        meters.counter("deeptweet.ingested", "feed", feed).increment();
    }

    @Override
    public void filtered(String feed) {
        meters.counter("deeptweet.filtered", "feed", feed).increment();
    }

    @Override
    public void rejected(String feed, Reason reason) {
        meters.counter("deeptweet.rejected", "feed", feed, "reason", reason.code())
                .increment();
    }
}
