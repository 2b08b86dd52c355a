// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.stream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/** How many faults a stream may have within a time before it fails for good. Thread-safe. */
public final class FaultLimit {
    private final int most;
    private final Duration window;
    private final LongSupplier nanoTime;
    private final Deque<Long> faults = new ArrayDeque<>();

    /**
     * @param most faults that are allowed within the window; 0 or more
     * @param window length of the sliding window
     */
    public FaultLimit(int most, Duration window) {
        this(most, window, System::nanoTime);
    }

    FaultLimit(int most, Duration window, LongSupplier nanoTime) {
        this.most = most;
        this.window = window;
        this.nanoTime = nanoTime;
    }

    /** Counts a fault and returns whether there are now more within the window than allowed. */
    synchronized boolean isExceeded() {
        long now = nanoTime.getAsLong();
        while (!faults.isEmpty() && now - faults.peekFirst() >= window.toNanos()) faults.removeFirst();
        faults.addLast(now);
        return faults.size() > most;
    }

    @Override
    public String toString() {
        return most + " within " + window;
    }
}
