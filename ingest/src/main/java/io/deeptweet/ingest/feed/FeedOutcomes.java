// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.EnumMap;
import java.util.Map;

/** What happened to the records of a transaction: counted by the feed once Kafka has committed it. Not thread-safe. */
public final class FeedOutcomes {
    private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
    private long published;
    private long filtered;

    void addPublished() {
        published++;
    }

    void addFiltered() {
        filtered++;
    }

    void addRejected(Reason reason) {
        rejected.merge(reason, 1L, Long::sum);
    }

    long published() {
        return published;
    }

    long filtered() {
        return filtered;
    }

    Map<Reason, Long> rejected() {
        return rejected;
    }

    /** All records. */
    public long read() {
        return published
                + filtered
                + rejected.values().stream().mapToLong(Long::longValue).sum();
    }
}
