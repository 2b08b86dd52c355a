// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import io.deeptweet.ingest.source.Interruption.Kind;
import io.deeptweet.service.retry.Backoff;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The waits that X asks for: after broken connections longer by a step each time, after refusals twice as long each
 * time, and after too many requests until the limit is lifted. What another try does not change waits the longest.
 *
 * @see <a href="https://docs.x.com/x-api/fundamentals/handling-disconnections">Handling disconnections</a>
 */
public final class XPauses implements Retries.Pauses {
    /** No or a wrong token, no credits, no access. */
    private static final Set<Integer> LASTING = Set.of(401, 402, 403);

    private static final int MOST_DOUBLINGS = 20;

    /**
     * How long the waits are.
     *
     * @param step what a wait after a broken connection is longer than the one before it
     * @param longestStep the longest of them
     * @param refused the first wait after a refusal, which is doubled
     * @param longestRefused the longest of them
     * @param limited the first wait after too many requests, which is doubled unless X says until when
     * @param longestLimited the longest of them
     */
    public record Waits(
            Duration step,
            Duration longestStep,
            Duration refused,
            Duration longestRefused,
            Duration limited,
            Duration longestLimited) {
        static final Waits OF_X = new Waits(
                Duration.ofMillis(250),
                Duration.ofSeconds(16),
                Duration.ofSeconds(5),
                Duration.ofSeconds(320),
                Duration.ofMinutes(1),
                Duration.ofMinutes(16)); // limits hold for 15 minutes
    }

    private final Waits waits;
    private final Map<Kind, Integer> failures = new HashMap<>();
    private String last = "";

    XPauses(Waits waits) {
        this.waits = waits;
    }

    @Override
    public Backoff.Advice failed(LiveException failure) {
        boolean isNew = !failure.getMessage().equals(last);
        last = failure.getMessage();
        Kind kind = failure.kind() == Kind.QUIET ? Kind.DISCONNECTED : failure.kind();
        int count = failures.merge(kind, 1, Integer::sum);
        return new Backoff.Advice(
                switch (kind) {
                    case QUIET, DISCONNECTED -> shorter(waits.step().multipliedBy(count), waits.longestStep());
                    case REFUSED ->
                        LASTING.contains(failure.status())
                                ? waits.longestRefused()
                                : doubled(waits.refused(), count, waits.longestRefused());
                    case RATE_LIMITED ->
                        failure.notBefore().isPresent()
                                ? doubled(waits.refused(), count, waits.longestRefused())
                                : doubled(waits.limited(), count, waits.longestLimited());
                },
                isNew);
    }

    private static Duration doubled(Duration first, int count, Duration longest) {
        return shorter(first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, count - 1)), longest);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void succeeded() {
        failures.clear();
        last = "";
    }
}
