// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What happened to the records of a transaction: counted by the feed once Kafka has committed it. Not thread-safe. */
public final class FeedOutcomes {
    private final Map<Reason, Long> rejected = new EnumMap<>(Reason.class);
    private long published;
    private long filtered;
    private final Map<String, Long> skipped = new TreeMap<>();

    void addPublished() {
        published++;
    }

    void addFiltered() {
        filtered++;
    }

    void addSkipped(String kind) {
        skipped.merge(kind, 1L, Long::sum);
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

    /** By kind. */
    Map<String, Long> skipped() {
        return skipped;
    }

    /** All records. */
    public long read() {
        return published + filtered + sum(rejected) + sum(skipped);
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
