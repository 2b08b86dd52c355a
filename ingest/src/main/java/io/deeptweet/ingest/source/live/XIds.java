// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * The ids of X: they begin with the time in milliseconds, so ids can stand for times.
 *
 * @see <a href="https://docs.x.com/fundamentals/x-ids">X IDs</a>
 */
final class XIds {
    private static final long FIRST_MILLIS = 1_288_834_974_657L;
    private static final int TIME_SHIFT = 22;

    private XIds() {}

    /** The smallest id of a time. */
    static long at(Instant time) {
        return Math.max(0, time.toEpochMilli() - FIRST_MILLIS) << TIME_SHIFT;
    }

    /** When an id was made. */
    static Instant time(long id) {
        return Instant.ofEpochMilli((id >>> TIME_SHIFT) + FIRST_MILLIS);
    }

    /** The number that an id is; empty if it is none. */
    static OptionalLong parse(String id) {
        try {
            return id.matches("\\d{1,19}") ? OptionalLong.of(Long.parseLong(id)) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty(); // more than 2^63
        }
    }
}
