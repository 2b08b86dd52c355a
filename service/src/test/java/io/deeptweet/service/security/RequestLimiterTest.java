// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RequestLimiterTest {
    private final AtomicLong now = new AtomicLong();
    private final RequestLimiter limiter = new RequestLimiter(2, 3, now::get);

    @Test
    void afterABurstTheRateHolds() {
        assertThat(taken("a", 10)).isEqualTo(3);
        pass(Duration.ofMillis(499));
        assertThat(limiter.take("a")).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(limiter.take("a")).isTrue();
        pass(Duration.ofHours(1));
        assertThat(taken("a", 10)).isEqualTo(3);
    }

    @Test
    void eachClientHasItsOwn() {
        assertThat(taken("a", 10)).isEqualTo(3);
        assertThat(taken("b", 10)).isEqualTo(3);
    }

    @Test
    void aClientInDebtWaitsForLonger() {
        for (int i = 0; i < 1000; i++) limiter.charge("a");
        assertThat(limiter.allows("a")).isFalse();
        assertThat(limiter.retryAfterSeconds("a")).isEqualTo(10); // (6 × 3 + 1) / 2
        pass(Duration.ofSeconds(10));
        assertThat(limiter.allows("a")).isTrue();
        assertThat(limiter.retryAfterSeconds("a")).isEqualTo(1);
    }

    @Test
    void askingCostsNothing() {
        for (int i = 0; i < 10; i++) assertThat(limiter.allows("a")).isTrue();
        assertThat(limiter.clients()).isZero();
    }

    @Test
    void manyClientsDoNotFillTheMemory() {
        for (int i = 0; i < RequestLimiter.MOST_CLIENTS + 1000; i++) limiter.take("client " + i);
        assertThat(limiter.clients()).isEqualTo(RequestLimiter.MOST_CLIENTS);
        assertThat(taken("client " + RequestLimiter.MOST_CLIENTS, 10)).isEqualTo(2); // is still known
    }

    private int taken(String client, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) if (limiter.take(client)) taken++;
        return taken;
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
