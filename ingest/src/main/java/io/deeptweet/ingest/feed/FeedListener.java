// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.reject.Rejection.Reason;

/** Is told the outcomes of records, and which feeds there are: metrics, for example. Called from many threads. */
public interface FeedListener {
    /** A feed exists from now on. */
    void registered(ActiveFeed feed);

    /** A feed does not exist any more. */
    void removed(ActiveFeed feed);

    /** Kafka has acknowledged tweets of this feed. */
    void published(String feed, long tweets);

    /** Tweets of this feed were dropped because of their language, or by its rule. */
    void filtered(String feed, long tweets);

    /** Kafka has acknowledged rejected records of this feed. */
    void rejected(String feed, Reason reason, long records);

    /**
     * Something else than tweets came, such as notices of deletions, and was skipped.
     *
     * @param kind one of few, in lower case, such as {@code delete}
     */
    void skipped(String feed, String kind, long records);

    /**
     * A live source has received something.
     *
     * @param kind one of few, in lower case, such as {@code post} or {@code repeated}
     */
    void event(String source, String kind);
}
