// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedSink;
import java.util.List;

/** A source that runs. */
public interface SourceHandle extends AutoCloseable {
    /**
     * Supplies these feeds from now on, without a new connection. What came before is committed for the feeds so far;
     * none of it is lost or given to the others. Blocks while Kafka is slow.
     *
     * @param feeds none before the source is closed: what comes then is dropped, and the position stays before it
     */
    void supply(List<FeedSink> feeds);

    /** Ends the source, whose position stays. Waits up to 10 s until it has ended; it does not commit after that. */
    @Override
    void close();
}
