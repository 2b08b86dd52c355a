// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.reject.Rejection.Reason;

/** Is told the outcome of each record, and each new feed: metrics, for example. Called from many threads. */
public interface FeedListener {
    /** A feed exists from now on. */
    void registered(ActiveFeed feed);

    /** Kafka has acknowledged a tweet of this feed. */
    void published(String feed);

    /** A tweet of this feed was dropped because of its language. */
    void filtered(String feed);

    /** Kafka has acknowledged a rejected record of this feed. */
    void rejected(String feed, Reason reason);
}
