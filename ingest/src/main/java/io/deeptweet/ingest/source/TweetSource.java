// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.io.IOException;
import java.util.Optional;

/** Where the tweets of a feed come from. Runs on a thread of its own, see {@link SourceRunner}. */
public interface TweetSource {
    /**
     * Reads records and writes them to the output, each with the position after it, until there are no more. If it can
     * resume, it runs again from the position of the last commit if Kafka did not take records.
     *
     * @param position where to continue, as an earlier run wrote it, perhaps in another process; empty for the
     *     beginning
     * @throws IOException if the source cannot continue; the message is a sentence for the operator
     * @throws InterruptedException if the service stops, or Kafka did not take records
     */
    void run(SourceOutput output, String position) throws IOException, InterruptedException;

    /**
     * Whether it can run again from a position. Otherwise it gives each record once, and starts from its beginning each
     * time.
     */
    default boolean canResume() {
        return true;
    }

    /** Its name, which stays the same over restarts: positions are known by it. */
    String name();

    /** What it reads, for people: a file, an address. */
    String describe();

    /** Why only the settings define its feeds, in a sentence; empty if feeds may come while it runs. */
    default Optional<String> fixedFeeds() {
        return Optional.empty();
    }

    /**
     * Where to start anew: to publish everything again, or what comes from now on. What has to outlast that is in it.
     *
     * @param position the committed position; empty if there is none
     */
    default String restart(String position) {
        return "";
    }

    /** A position for people, such as {@code 1,200 records}. */
    default String describe(String position) {
        return position;
    }
}
