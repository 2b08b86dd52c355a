// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.retry;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Something outside that fails and will come back, a broker or a registry: how long to wait before each further try,
 * and what is wrong meanwhile. The wait doubles up to half a minute. Thread-safe.
 */
public final class Backoff {
    static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    /** A fault that has not come back for so long after its last wait is over. */
    static final Duration OVER_AFTER = Duration.ofMinutes(1);

    /**
     * What to do about a fault.
     *
     * @param pause how long to wait before the next try
     * @param news whether it is another fault than the last one, and so worth a line in the log
     */
    public record Advice(Duration pause, boolean news) {}

    private record Fault(String because, Duration pause, long at) {}

    private final LongSupplier nanoTime;
    private Optional<Fault> last = Optional.empty();

    public Backoff() {
        this(System::nanoTime);
    }

    Backoff(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It failed, once more. */
    public synchronized Advice failed(String because) {
        Optional<Fault> before = ongoing();
        Duration pause = before.map(fault -> shorter(fault.pause().multipliedBy(2), LONGEST_WAIT))
                .orElse(SHORTEST_WAIT);
        last = Optional.of(new Fault(because, pause, nanoTime.getAsLong()));
        return new Advice(
                pause, before.map(Fault::because).filter(because::equals).isEmpty());
    }

    /** It works again. */
    public synchronized void over() {
        last = Optional.empty();
    }

    /** What is wrong just now; empty if nothing is. */
    public synchronized Optional<String> reason() {
        return ongoing().map(Fault::because);
    }

    private Optional<Fault> ongoing() {
        return last.filter(fault -> nanoTime.getAsLong() - fault.at()
                < fault.pause().plus(OVER_AFTER).toNanos());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
