// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * When a round starts: after this many new labels, or this long after the first of fewer, which is sooner while a feed
 * drifts.
 *
 * @param labels number of new labels; at least 1
 * @param patience time after the first new label; positive
 * @param patienceInDrift the same while a feed drifts; positive
 */
public record RoundTrigger(int labels, Duration patience, Duration patienceInDrift) {
    public RoundTrigger {
        if (labels < 1) throw new IllegalArgumentException("a round needs at least 1 label, not " + labels);
        requirePositive(patience);
        requirePositive(patienceInDrift);
    }

    private static void requirePositive(Duration patience) {
        if (patience.isNegative() || patience.isZero())
            throw new IllegalArgumentException("the time until a round must be positive, not " + patience);
    }

    /**
     * Why a round is due, in a sentence; empty if none is.
     *
     * @param fresh number of labels that no round has consumed
     * @param since when the first of them came
     */
    Optional<String> reason(int fresh, Optional<Instant> since, Instant now) {
        if (fresh >= labels) return Optional.of(fresh + " new labels, of " + labels + " that start a round");
        return waited(fresh, since, now, patience)
                .map(waited -> waited + ", the first of them " + patience + " ago or longer");
    }

    /**
     * Why a round is due because of drift, in a sentence; empty if none is.
     *
     * @param drift looks for an alarm; called only if an alarm would make a round due
     */
    Optional<String> reasonInDrift(
            int fresh, Optional<Instant> since, Instant now, Supplier<Optional<DriftAlarm>> drift) {
        return waited(fresh, since, now, patienceInDrift)
                .flatMap(waited -> drift.get().map(alarm -> waited + ", and " + alarm));
    }

    private static Optional<String> waited(int fresh, Optional<Instant> since, Instant now, Duration patience) {
        boolean waitedLongEnough =
                since.filter(first -> !now.isBefore(first.plus(patience))).isPresent();
        return fresh > 0 && waitedLongEnough
                ? Optional.of(fresh + " new label" + (fresh == 1 ? "" : "s"))
                : Optional.empty();
    }
}
