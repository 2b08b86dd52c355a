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
        assertThat(trigger.reason(99, Optional.of(NOON), NOON)).isEmpty();
        assertThat(trigger.reason(100, Optional.of(NOON), NOON)).contains("100 new labels, of 100 that start a round");
    }

    @Test
    void fewerLabelsStartARoundAfterAWhile() {
        assertThat(trigger.reason(1, Optional.of(NOON), NOON.plus(Duration.ofMinutes(59))))
                .isEmpty();
        assertThat(trigger.reason(1, Optional.of(NOON), NOON.plus(Duration.ofHours(1))))
                .hasValueSatisfying(
                        because -> assertThat(because).startsWith("1 new label, the first of them PT1H ago"));
    }

    @Test
    void fewerLabelsStartARoundSoonerWhileAFeedDrifts() {
        DriftAlarm alarm = DriftAlarmTest.alarm(Map.of("base-00000000", 400L), NOON);
        Instant soon = NOON.plus(Duration.ofMinutes(5));
        assertThat(trigger.reason(2, Optional.of(NOON), soon)).isEmpty();
        assertThat(trigger.reasonInDrift(2, Optional.of(NOON), soon, () -> Optional.of(alarm)))
                .contains("2 new labels, and feed election drifts (psi, unknown) from 2024-08-15T11:00:00Z"
                        + " to 2024-08-15T12:00:00Z");
        assertThat(trigger.reasonInDrift(2, Optional.of(NOON), soon, Optional::empty))
                .isEmpty();
        assertThat(trigger.reasonInDrift(2, Optional.of(NOON), soon.minusSeconds(1), () -> Optional.of(alarm)))
                .isEmpty();
    }

    @Test
    void withoutLabelsNoRoundStarts() {
        assertThat(trigger.reason(0, Optional.empty(), NOON.plus(Duration.ofDays(1))))
                .isEmpty();
        assertThat(trigger.reasonInDrift(0, Optional.empty(), NOON.plus(Duration.ofDays(1)), () -> {
                    throw new AssertionError("there is no need to look for drift");
                }))
                .isEmpty();
    }

    @Test
    void valuesThatCannotStartARoundAreRejected() {
        assertThatThrownBy(() -> new RoundTrigger(0, Duration.ofHours(1), Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundTrigger(1, Duration.ZERO, Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RoundTrigger(1, Duration.ofHours(1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
