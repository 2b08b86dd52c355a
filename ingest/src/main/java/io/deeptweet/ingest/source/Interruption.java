// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.time.Instant;
import java.util.Locale;

/**
 * A live source receives nothing for a while.
 *
 * @param kind why
 * @param detail why, in a sentence
 * @param nextTry when it connects again
 */
public record Interruption(Kind kind, String detail, Instant nextTry) {
    /** Why a live source receives nothing. */
    public enum Kind {
        /** The connection stands, but nothing came for too long. */
        QUIET,
        /** The server limits the rate of requests. */
        RATE_LIMITED,
        /** The server answers, but refuses the request. */
        REFUSED,
        /** The server cannot be reached, or has ended the connection. */
        DISCONNECTED;

        /** Such as {@code rate-limited}. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
