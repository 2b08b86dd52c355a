// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.time.Duration;
import java.util.stream.LongStream;

/**
 * When windows close and are deleted, by the time of their feed.
 *
 * @param size size of the windows, in whole ms, more than 0
 * @param advance time from the start of a window to that of the next, in whole ms; the size of tumbling windows, and a
 *     part of it for hopping ones, of which the size is a multiple
 * @param grace time after its end during which a window accepts tweets
 * @param retention time for which a closed window is kept
 */
public record WindowTimes(Duration size, Duration advance, Duration grace, Duration retention) {
    /** The times of tumbling windows. */
    public static WindowTimes tumbling(Duration size, Duration grace, Duration retention) {
        return new WindowTimes(size, size, grace, retention);
    }

    long advanceMs() {
        return advance.toMillis();
    }

    /** From its start until it closes, in ms. */
    long openMs() {
        return size.plus(grace).toMillis();
    }

    /** From its start until it is deleted, in ms. */
    long keptMs() {
        return size.plus(grace).plus(retention).toMillis();
    }

    /** The start of the last window that holds a time, in ms since 1970. */
    long startOf(long timeMs) {
        return timeMs - timeMs % advanceMs();
    }

    /** The starts of the windows that hold a time, in ms since 1970 and in ascending order. */
    LongStream startsOf(long timeMs) {
        long last = startOf(timeMs);
        long windows = Math.min(size.toMillis() / advanceMs(), last / advanceMs() + 1); // none starts before 1970
        return LongStream.iterate(last - (windows - 1) * advanceMs(), start -> start + advanceMs())
                .limit(windows);
    }

    /** The start of the first window that is open when a feed's time is this, in ms since 1970. */
    long firstOpen(long timeMs) {
        return firstWithin(openMs(), timeMs);
    }

    /** The start of the first window that is kept when a feed's time is this, in ms since 1970. */
    long firstKept(long timeMs) {
        return firstWithin(keptMs(), timeMs);
    }

    /** The first start after the time minus the length. */
    private long firstWithin(long lengthMs, long timeMs) {
        long last = timeMs - lengthMs;
        return last < 0 ? 0 : startOf(last) + advanceMs();
    }
}
