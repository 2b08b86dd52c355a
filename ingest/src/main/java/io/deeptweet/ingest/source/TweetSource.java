// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.io.IOException;

/** Where the tweets of a feed come from. Runs on a thread of its own, see {@link SourceRunner}. */
public interface TweetSource {
    /**
     * Reads records and writes them to the output, until there are no more. The caller closes the output.
     *
     * @throws IOException if the source cannot continue; the message is a sentence for the operator
     * @throws InterruptedException if the service stops
     */
    void run(SourceOutput output) throws IOException, InterruptedException;

    /** What it reads, for people: a file, an address. */
    String describe();
}
