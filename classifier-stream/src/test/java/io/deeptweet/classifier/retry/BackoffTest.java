// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10); // nano time may overflow
    private final Backoff outage = new Backoff(now::get);

    @Test
    void thePauseDoublesUpToHalfAMinute() {
        assertThat(Stream.generate(() -> outage.failed("no registry").pause().toSeconds())
                        .limit(7))
                .containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void aFaultIsNewsOnce() {
        assertThat(outage.failed("no registry").news()).isTrue();
        assertThat(outage.failed("no registry").news()).isFalse();
        assertThat(outage.failed("no broker").news()).isTrue();
    }

    @Test
    void theReasonIsKnownUntilItIsOver() {
        assertThat(outage.reason()).isEmpty();
        outage.failed("no registry");
        assertThat(outage.reason()).contains("no registry");
        outage.over();
        assertThat(outage.reason()).isEmpty();
        assertThat(outage.failed("no registry")).isEqualTo(new Backoff.Advice(Duration.ofSeconds(1), true));
    }

    @Test
    void aFaultThatDoesNotComeBackIsOver() {
        outage.failed("no registry");
        now.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(outage.reason()).contains("no registry");
        now.addAndGet(Duration.ofSeconds(2).toNanos());
        assertThat(outage.reason()).isEmpty();
        assertThat(outage.failed("no registry").pause()).isEqualTo(Duration.ofSeconds(1));
    }
}
