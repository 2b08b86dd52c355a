// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Counts how often a round has failed. Its labels stay new, and it is tried again after a pause that doubles, until
 * there have been too many attempts: labels that no round can work with must not keep all later ones out. A trainer
 * that starts counts anew. Not thread-safe.
 */
final class RoundAttempts {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(30);

    private final int most;
    private int failed;
    private Instant notBefore = Instant.EPOCH;
    private Optional<String> fault = Optional.empty();

    /** @param most how often a round is tried; at least 1 */
    RoundAttempts(int most) {
        if (most < 1) throw new IllegalArgumentException("a round needs at least 1 attempt, not " + most);
        this.most = most;
    }

    /** Whether a round may start now. */
    boolean mayStart(Instant now) {
        return !now.isBefore(notBefore);
    }

    /**
     * Takes note that the round failed.
     *
     * @param reason in a sentence
     * @return whether it is to be tried again
     */
    boolean failed(int round, String reason, Instant now) {
        failed++;
        if (failed >= most) return false;
        notBefore = now.plus(FIRST_PAUSE.multipliedBy(1L << Math.min(failed - 1, 16)));
        fault = Optional.of("round " + round + " failed, attempt " + failed + " of " + most + ": " + reason
                + "; its labels are kept, and it is tried again at " + notBefore);
        return true;
    }

    /** Takes note that a round was committed. */
    void ended() {
        failed = 0;
        notBefore = Instant.EPOCH;
        fault = Optional.empty();
    }

    /** What failed, in a sentence, until the next attempt succeeds. */
    Optional<String> fault() {
        return fault;
    }
}
