// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.util.function.LongSupplier;

/** Keeps to a rate. A source that fell behind, because Kafka made it wait, does not rush to make up for it. */
final class Pace {
    /** How to wait; {@link Thread#sleep(long, int)} but in tests. */
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final double nanosBetween;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private double next;

    /** @param perSecond how many a second; 0 for no limit */
    Pace(double perSecond, LongSupplier nanoTime, Sleeper sleeper) {
        this.nanosBetween = perSecond == 0 ? 0 : NANOS_PER_SECOND / perSecond;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.next = nanoTime.getAsLong();
    }

    /** Waits until it is time for the next one. */
    void await() throws InterruptedException {
        if (nanosBetween == 0) return;
        long now = nanoTime.getAsLong();
        if (next > now) sleeper.sleep((long) (next - now));
        // Waking late by a timer's grain is made up for, as the rate is meant on average; a second or more is not.
        next = Math.max(next, nanoTime.getAsLong() - NANOS_PER_SECOND) + nanosBetween;
    }
}
