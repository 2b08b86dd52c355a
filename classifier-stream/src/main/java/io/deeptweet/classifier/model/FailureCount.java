// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.LongAdder;

/** Counts the tweets that one model scores and those that it fails at. Thread-safe; costs little if none fails. */
final class FailureCount {
    /** Size of the sliding window, in tweets. */
    static final int TWEETS = 200;

    /** @param at how many tweets were counted before */
    private record Failure(String origin, long at) {}

    private final double share;
    private final LongAdder scored = new LongAdder();
    /** Those among the last tweets, the oldest first. */
    private final Deque<Failure> failures = new ArrayDeque<>();

    private long failed;
    private volatile boolean exceeded;

    /** @param share of {@value #TWEETS} tweets in a row that may fail; 1 if all may */
    FailureCount(double share) {
        this.share = share;
    }

    void scored() {
        scored.increment();
    }

    /**
     * Counts a failure once, however often the stream repeats its work after a fault.
     *
     * @param origin the tweet's position, such as {@code tweets.raw-3@17}
     */
    synchronized void failed(String origin) {
        if (failures.stream().anyMatch(failure -> failure.origin().equals(origin))) return;
        long at = scored.sum() + failed++;
        failures.add(new Failure(origin, at));
        while (failures.getFirst().at() <= at - TWEETS) failures.removeFirst();
        if (failures.size() > share * TWEETS) exceeded = true;
    }

    /** Returns whether there were more failures among {@value #TWEETS} tweets than allowed; true for good. */
    boolean isExceeded() {
        return exceeded;
    }
}
