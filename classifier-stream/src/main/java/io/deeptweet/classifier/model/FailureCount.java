// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import java.util.concurrent.atomic.LongAdder;

/** Counts the tweets that one model scores and those that it fails at. Thread-safe; costs little if none fails. */
final class FailureCount {
    /** Tweets in a row of which a share may fail. */
    static final int TWEETS = 200;

    private final double share;
    private final LongAdder scored = new LongAdder();
    // Since the first failure that counts.
    private long start;
    private int failures;
    private volatile boolean exceeded;

    /** @param share of {@value #TWEETS} tweets in a row that may fail; 1 if all may */
    FailureCount(double share) {
        this.share = share;
    }

    void scored() {
        scored.increment();
    }

    synchronized void failed() {
        if (failures == 0 || scored.sum() - start + failures >= TWEETS) {
            start = scored.sum();
            failures = 0;
        }
        failures++;
        if (failures > share * TWEETS) exceeded = true;
    }

    /** Returns whether there were more failures among {@value #TWEETS} tweets than allowed; true for good. */
    boolean isExceeded() {
        return exceeded;
    }
}
