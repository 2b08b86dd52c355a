// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nano time may overflow
    private final Backoff backoff = new Backoff(now::get);

    @Test
    void thePauseDoublesUpToHalfAMinute() {
        assertThat(Stream.generate(() -> backoff.failed("no registry").pause().toSeconds())
                        .limit(7))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void pausesStayBetweenTheGivenLimits() {
        Backoff quick = new Backoff(Duration.ofMillis(250), Duration.ofMillis(600));
        assertThat(Stream.generate(() -> quick.failed("no registry").pause().toMillis())
                        .limit(4))
                .containsExactly(250L, 500L, 600L, 600L);
        assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFaultIsNewOnce() {
        assertThat(backoff.failed("no registry").isNew()).isTrue();
        assertThat(backoff.failed("no registry").isNew()).isFalse();
        assertThat(backoff.failed("no broker").isNew()).isTrue();
    }

    @Test
    void theFaultIsKnownUntilAnAttemptSucceeds() {
        assertThat(backoff.fault()).isEmpty();
        backoff.failed("no registry");
        assertThat(backoff.fault()).contains("no registry");
        backoff.succeeded();
        assertThat(backoff.fault()).isEmpty();
        assertThat(backoff.failed("no registry")).isEqualTo(new Backoff.Advice(Duration.ofSeconds(1), true));
    }

    @Test
    void aFaultThatDoesNotComeBackHasPassed() {
        backoff.failed("no registry");
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(backoff.fault()).contains("no registry");
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(backoff.fault()).isEmpty();
        assertThat(backoff.failed("no registry").pause()).isEqualTo(Duration.ofSeconds(1));
    }
}
