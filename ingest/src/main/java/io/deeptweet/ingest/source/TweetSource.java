// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import io.deeptweet.ingest.feed.FeedIntake;
import java.io.IOException;

/** Where a feed's tweets come from. */
public interface TweetSource {
    /**
     * Brings records to the intake until there are no more, waiting whenever the intake makes it wait.
     *
     * @throws IOException if the source cannot be read any further; the message is a sentence for the operator
     * @throws InterruptedException when the service stops
     */
    void run(FeedIntake intake) throws IOException, InterruptedException;

    /** Where it reads, to be shown to people: a file, an address. */
    String describe();
}
