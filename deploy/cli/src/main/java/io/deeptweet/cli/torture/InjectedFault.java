// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.torture;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * What happens in one cycle.
 *
 * @param cycle number of the cycle, from 1
 * @param pause time before it, in which the stack works
 * @param freeze how long the process is frozen; empty if it is killed
 */
record InjectedFault(int cycle, StackProcess process, Duration pause, Optional<Duration> freeze) {
    private static final int LONGEST_PAUSE = 6_000;
    private static final int LONGEST_SHORT_FREEZE = 3_000;
    /** Beyond the transaction time-out, the session time-out, and the broker's next look for transactions to abort. */
    private static final int LONGEST_FREEZE = 20_000;

    private static final int LONG_FREEZE_FROM = 6_000;

    /** The faults of a run: the same for the same seed. Half of them kill; a third of the others freeze for long. */
    static List<InjectedFault> plan(int cycles, long seed) {
        Random random = new Random(seed);
        return IntStream.rangeClosed(1, cycles)
                .mapToObj(cycle ->
                        new InjectedFault(cycle, process(random), millis(random, 500, LONGEST_PAUSE), freeze(random)))
                .toList();
    }

    private static StackProcess process(Random random) {
        int drawn = random.nextInt(Arrays.stream(StackProcess.values())
                .mapToInt(StackProcess::weight)
                .sum());
        for (StackProcess process : StackProcess.values()) {
            drawn -= process.weight();
            if (drawn < 0) return process;
        }
        throw new IllegalStateException("the weights' sum was wrong");
    }

    private static Optional<Duration> freeze(Random random) {
        if (random.nextBoolean()) return Optional.empty();
        boolean isLong = random.nextInt(3) == 0;
        return Optional.of(
                isLong ? millis(random, LONG_FREEZE_FROM, LONGEST_FREEZE) : millis(random, 200, LONGEST_SHORT_FREEZE));
    }

    private static Duration millis(Random random, int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least));
    }

    /** Such as {@code kill broker} or {@code freeze ingest for 2.3 s}. */
    String inWords() {
        return freeze.map(time -> "freeze " + process.label() + " for " + time.toMillis() / 100 / 10.0 + " s")
                .orElse("kill " + process.label());
    }
}
