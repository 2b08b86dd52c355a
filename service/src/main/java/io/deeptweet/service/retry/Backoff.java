// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Exponential back-off for a dependency that fails and will come back, such as a broker or a registry: how long to wait
 * before the next attempt, and what the fault is meanwhile. The wait doubles with each failure up to a limit.
 * Thread-safe.
 */
public final class Backoff {
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    /** A fault that has not been reported again this long after its last wait has passed. */
    private static final Duration PASSED_AFTER = Duration.ofMinutes(1);

    /**
     * What to do about a failure.
     *
     * @param pause how long to wait before the next attempt
     * @param isNew whether the fault differs from the last one, and so deserves a log line
     */
    public record Advice(Duration pause, boolean isNew) {}

    private record Fault(String reason, Duration pause, long nanoTime) {}

    private final Duration shortest;
    private final Duration longest;
    private final LongSupplier nanoTime;
    private Optional<Fault> last = Optional.empty();

    /** Waits of 1 s up to 30 s. */
    public Backoff() {
        this(SHORTEST_WAIT, LONGEST_WAIT);
    }

    /**
     * @param shortest the wait after the first failure; positive
     * @param longest the longest wait; {@code shortest} or longer
     */
    public Backoff(Duration shortest, Duration longest) {
        this(shortest, longest, System::nanoTime);
    }

    Backoff(LongSupplier nanoTime) {
        this(SHORTEST_WAIT, LONGEST_WAIT, nanoTime);
    }

    private Backoff(Duration shortest, Duration longest, LongSupplier nanoTime) {
        if (shortest.isNegative() || shortest.isZero() || longest.compareTo(shortest) < 0)
            throw new IllegalArgumentException("cannot wait " + shortest + " to " + longest);
        this.shortest = shortest;
        this.longest = longest;
        this.nanoTime = nanoTime;
    }

    /**
     * Reports a failed attempt.
     *
     * @param reason the fault in a sentence
     */
    public synchronized Advice failed(String reason) {
        Optional<Fault> before = current();
        Duration pause = before.map(fault -> fault.pause().multipliedBy(2))
                .filter(doubled -> doubled.compareTo(longest) < 0)
                .orElse(before.isPresent() ? longest : shortest);
        last = Optional.of(new Fault(reason, pause, nanoTime.getAsLong()));
        return new Advice(
                pause, before.map(Fault::reason).filter(reason::equals).isEmpty());
    }

    /** Reports a successful attempt. */
    public synchronized void succeeded() {
        last = Optional.empty();
    }

    /** The current fault; empty after success, or if no failure was reported for a minute beyond its pause. */
    public synchronized Optional<String> fault() {
        return current().map(Fault::reason);
    }

    private Optional<Fault> current() {
        return last.filter(fault -> nanoTime.getAsLong() - fault.nanoTime()
                < fault.pause().plus(PASSED_AFTER).toNanos());
    }
}
