// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.util.function.LongSupplier;

/**
 * Keeps a source to a rate. A source that fell behind, because Kafka was slow, makes up for at most a second of it. For
 * one thread.
 */
public final class RateLimiter {
    /** How to wait; tests replace it. */
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    private static final double NANOS_PER_SECOND = 1e9;

    private final double nanosBetween;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    /** When the next record is due, in the nanoseconds of {@link #nanoTime}. */
    private double next;

    /** @param perSecond records a second; 0 for no limit */
    public RateLimiter(double perSecond) {
        this(perSecond, System::nanoTime, nanos -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000)));
    }

    RateLimiter(double perSecond, LongSupplier nanoTime, Sleeper sleeper) {
        this.nanosBetween = perSecond == 0 ? 0 : NANOS_PER_SECOND / perSecond;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.next = now();
    }

    /**
     * Waits until the next record is due.
     *
     * @throws InterruptedException if the thread is interrupted, also where there is no limit
     */
    public void acquire() throws InterruptedException {
        if (Thread.interrupted()) throw new InterruptedException();
        if (nanosBetween == 0) return;
        double now = now();
        if (next > now) sleeper.sleep((long) (next - now));
        // Timers wake late by a few milliseconds: that is made up for, because the rate is meant on average.
        next = Math.max(next, now() - NANOS_PER_SECOND) + nanosBetween;
    }

    private double now() {
        return (double) nanoTime.getAsLong();
    }
}
