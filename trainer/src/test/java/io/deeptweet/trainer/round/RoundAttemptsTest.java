// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class RoundAttemptsTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    @Test
    void aFailedRoundIsTriedAgainAfterAPauseThatDoubles() {
        RoundAttempts attempts = new RoundAttempts(3);
        assertThat(attempts.mayStart(NOON)).isTrue();
        assertThat(attempts.failed(7, "too little memory", NOON)).isTrue();
        assertThat(attempts.mayStart(NOON.plusSeconds(29))).isFalse();
        assertThat(attempts.mayStart(NOON.plusSeconds(30))).isTrue();
        assertThat(attempts.fault())
                .contains("round 7 failed, attempt 1 of 3: too little memory; its labels are kept, and it is tried"
                        + " again at 2026-01-02T12:00:30Z");
        assertThat(attempts.failed(7, "too little memory", NOON)).isTrue();
        assertThat(attempts.mayStart(NOON.plusSeconds(59))).isFalse();
        assertThat(attempts.mayStart(NOON.plusSeconds(60))).isTrue();
    }

    @Test
    void afterTheLastAttemptTheRoundHasFailed() {
        RoundAttempts attempts = new RoundAttempts(2);
        assertThat(attempts.failed(7, "a", NOON)).isTrue();
        assertThat(attempts.failed(7, "a", NOON)).isFalse();
        attempts.ended();
        assertThat(attempts.mayStart(NOON)).isTrue();
        assertThat(attempts.fault()).isEmpty();
        assertThat(attempts.failed(8, "a", NOON))
                .as("the next round has all attempts")
                .isTrue();
    }

    @Test
    void thereIsAtLeastOneAttempt() {
        assertThatThrownBy(() -> new RoundAttempts(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
