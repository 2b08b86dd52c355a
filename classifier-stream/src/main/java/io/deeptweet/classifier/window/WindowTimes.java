// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.time.Duration;

/**
 * When windows close and are deleted, by the time of their feed.
 *
 * @param size size of the tumbling windows, in whole ms, more than 0
 * @param grace time after its end during which a window accepts tweets
 * @param retention time for which a closed window is kept
 */
public record WindowTimes(Duration size, Duration grace, Duration retention) {
    long sizeMs() {
        return size.toMillis();
    }

    /** From its start until it closes, in ms. */
    long openMs() {
        return size.plus(grace).toMillis();
    }

    /** From its start until it is deleted, in ms. */
    long keptMs() {
        return size.plus(grace).plus(retention).toMillis();
    }

    /** The start of the window that holds a time, in ms since 1970. */
    long startOf(long timeMs) {
        return timeMs - timeMs % sizeMs();
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
        return last < 0 ? 0 : startOf(last) + sizeMs();
    }
}
