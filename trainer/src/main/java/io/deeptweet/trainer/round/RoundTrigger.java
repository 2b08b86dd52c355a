// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When a round starts: after so many new labels, or so long after the first of fewer, which is sooner while a feed
 * drifts.
 *
 * @param labels at least one
 * @param patience positive
 * @param patienceInDrift positive
 */
public record RoundTrigger(int labels, Duration patience, Duration patienceInDrift) {
    public RoundTrigger {
        if (labels < 1
                || patience.isNegative()
                || patience.isZero()
                || patienceInDrift.isNegative()
                || patienceInDrift.isZero())
            throw new IllegalArgumentException(
                    "a round can't start after " + labels + " labels, " + patience + " or " + patienceInDrift);
    }

    /**
     * Why a round is to start now, in a sentence; empty if none is.
     *
     * @param fresh how many labels no round has consumed
     * @param since when the first of these came
     */
    public Optional<String> because(int fresh, Optional<Instant> since, Instant now) {
        if (fresh >= labels) return Optional.of(fresh + " new labels, of " + labels + " that start a round");
        return waited(fresh, since, now, patience).map(waited -> waited + ", the first " + patience + " ago or longer");
    }

    /**
     * Why one is to start now if a feed drifts; empty if none is even then.
     *
     * @param drift which feed drifts and how; asked for only if it makes the difference
     */
    Optional<String> inDrift(int fresh, Optional<Instant> since, Instant now, Supplier<Optional<Drift>> drift) {
        return waited(fresh, since, now, patienceInDrift)
                .flatMap(waited -> drift.get().map(drifts -> waited + ", and " + drifts));
    }

    /**
     * A reason on one line, whatever a stranger put into it: without what would move a terminal's cursor or turn its
     * writing round.
     */
    public static String oneLine(String because) {
        return because.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", " ");
    }

    private static Optional<String> waited(int fresh, Optional<Instant> since, Instant now, Duration patience) {
        return fresh > 0
                        && since.filter(first -> !now.isBefore(first.plus(patience)))
                                .isPresent()
                ? Optional.of(fresh + " new label" + (fresh == 1 ? "" : "s"))
                : Optional.empty();
    }
}
