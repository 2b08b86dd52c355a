// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.cli.record.FeedTrouble;
import io.deeptweet.cli.stack.ServiceClient;
import io.deeptweet.cli.stack.ServiceType;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far ingest is with a feed.
 *
 * @param running whether more will come
 * @param failure why the feed failed; empty if it did not
 * @param hindrance why the feed is tried again; empty if it is not
 * @param read records read; each is published, filtered, skipped or rejected
 * @param resumedAfter what earlier starts had published of it; empty if nothing
 * @param lagSeconds how long after the server a live source received what came last; empty if nothing came
 */
record FeedProgress(
        boolean running,
        String failure,
        String hindrance,
        long read,
        long published,
        long filtered,
        long skipped,
        long rejected,
        String resumedAfter,
        OptionalDouble lagSeconds) {
    /** Asks ingest; empty if it does not answer or has no such feed. */
    static Optional<FeedProgress> of(int ingestPort, String feed) {
        try {
            for (JsonNode each : ServiceClient.json(ingestPort, ServiceType.INGEST.statusPath()))
                if (each.path("feed").asText().equals(feed)) return Optional.of(of(each));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static FeedProgress of(JsonNode feed) {
        String state = feed.path("state").asText();
        return new FeedProgress(
                state.equals("running") || state.equals("retrying") || state.equals("paused"),
                state.equals("failed") ? feed.path("detail").asText() : "",
                state.equals("retrying") ? FeedTrouble.of(feed) : "",
                feed.path("read").asLong(),
                feed.path("published").asLong(),
                feed.path("filtered").asLong(),
                feed.path("skipped").asLong(),
                feed.path("rejected").asLong(),
                feed.path("resumedAfter").asText(),
                feed.path("lagSeconds").isNumber()
                        ? OptionalDouble.of(feed.path("lagSeconds").asDouble())
                        : OptionalDouble.empty());
    }

    /** Whether nothing of what was read is missing in the other counts. */
    boolean addsUp() {
        return read == published + filtered + skipped + rejected;
    }
}
