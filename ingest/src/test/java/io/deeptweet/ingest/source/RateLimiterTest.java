// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private final AtomicLong nanoTime = new AtomicLong(1_000);
    private long slept;

    private final RateLimiter.Sleeper sleeper = nanos -> {
        slept += nanos;
        nanoTime.addAndGet(nanos);
    };

    @Test
    void theRateIsKept() throws InterruptedException {
        RateLimiter limiter = new RateLimiter(50, nanoTime::get, sleeper);
        for (int i = 0; i < 101; i++) limiter.acquire();
        assertThat(slept / 1e9).isCloseTo(2.0, within(1e-6));
    }

    @Test
    void withoutALimitNothingWaits() throws InterruptedException {
        RateLimiter limiter = new RateLimiter(0, nanoTime::get, sleeper);
        for (int i = 0; i < 1000; i++) limiter.acquire();
        assertThat(slept).isZero();
    }

    /** Otherwise a broker that returns after a minute would be flooded. */
    @Test
    void aLongPauseIsNotMadeUpFor() throws InterruptedException {
        RateLimiter limiter = new RateLimiter(10, nanoTime::get, sleeper);
        limiter.acquire();
        nanoTime.addAndGet(60_000_000_000L);
        for (int i = 0; i < 30; i++) limiter.acquire();
        assertThat(slept / 1e9)
                .as("at most the records of one second come at once")
                .isCloseTo(2.0, within(0.2));
    }
}
