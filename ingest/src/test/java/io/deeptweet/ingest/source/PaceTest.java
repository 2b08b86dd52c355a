// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong nanoTime = new AtomicLong(1_000);
    private long slept;

    private final Pace.Sleeper sleeper = nanos -> {
        slept += nanos;
        nanoTime.addAndGet(nanos);
    };

    @Test
    void aRateIsKept() throws InterruptedException {
        Pace pace = new Pace(50, nanoTime::get, sleeper);
        for (int i = 0; i < 101; i++) pace.await();
        assertThat(slept / 1e9).isCloseTo(2.0, within(1e-6));
    }

    @Test
    void noLimitNeverWaits() throws InterruptedException {
        Pace pace = new Pace(0, nanoTime::get, sleeper);
        for (int i = 0; i < 1000; i++) pace.await();
        assertThat(slept).isZero();
    }

    /** A broker that was away for a minute is not flooded afterwards. */
    @Test
    void aLongPauseIsNotMadeUpFor() throws InterruptedException {
        Pace pace = new Pace(10, nanoTime::get, sleeper);
        pace.await();
        nanoTime.addAndGet(60_000_000_000L);
        for (int i = 0; i < 30; i++) pace.await();
        assertThat(slept / 1e9).as("at most a second's worth comes at once").isCloseTo(2.0, within(0.2));
    }
}
