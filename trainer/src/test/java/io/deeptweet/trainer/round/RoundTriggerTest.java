// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoundTriggerTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final RoundTrigger trigger = new RoundTrigger(100, Duration.ofHours(1), Duration.ofMinutes(5));

    @Test
    void enoughLabelsStartARoundAtOnce() {
        assertThat(trigger.because(99, Optional.of(NOON), NOON)).isEmpty();
        assertThat(trigger.because(100, Optional.of(NOON), NOON)).contains("100 new labels, of 100 that start a round");
    }

    @Test
    void fewerStartOneInTime() {
        assertThat(trigger.because(1, Optional.of(NOON), NOON.plus(Duration.ofMinutes(59))))
                .isEmpty();
        assertThat(trigger.because(1, Optional.of(NOON), NOON.plus(Duration.ofHours(1))))
                .hasValueSatisfying(because -> assertThat(because).startsWith("1 new label, the first "));
    }

    @Test
    void fewerStartOneSoonerWhileAFeedDrifts() {
        Drift drift = DriftTest.drift(Map.of("base-00000000", 400L), NOON);
        Instant soon = NOON.plus(Duration.ofMinutes(5));
        assertThat(trigger.because(2, Optional.of(NOON), soon)).isEmpty();
        assertThat(trigger.inDrift(2, Optional.of(NOON), soon, () -> Optional.of(drift)))
                .contains(
                        "2 new labels, and the feed election drifts by psi, unknown from 2024-08-15T11:00:00Z to 2024-08-15T12:00:00Z");
        assertThat(trigger.inDrift(2, Optional.of(NOON), soon, Optional::empty)).isEmpty();
        assertThat(trigger.inDrift(2, Optional.of(NOON), soon.minusSeconds(1), () -> Optional.of(drift)))
                .isEmpty();
    }

    @Test
    void withoutLabelsNoRoundStarts() {
        assertThat(trigger.because(0, Optional.empty(), NOON.plus(Duration.ofDays(1))))
                .isEmpty();
        assertThat(trigger.inDrift(0, Optional.empty(), NOON.plus(Duration.ofDays(1)), () -> {
                    throw new AssertionError("nobody need look for drift");
                }))
                .isEmpty();
    }

    @Test
    void whatCannotStartARoundIsRefused() {
        assertThatThrownBy(() -> new RoundTrigger(0, Duration.ofHours(1), Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundTrigger(1, Duration.ZERO, Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundTrigger(1, Duration.ofHours(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
