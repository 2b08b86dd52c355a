// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.AlertCondition;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AlertStatusTest {
    private static final Rule RULE = new Rule(
            "angry",
            Optional.empty(),
            AlertCondition.NEGATIVE_SHARE,
            Duration.ofSeconds(10),
            0.5,
            Duration.ZERO,
            1,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20));

    @Test
    void itFiresOnceTheConditionHasHeldForItsDuration() {
        AlertStatus status = AlertStatus.start(RULE).next(true, 1_000, RULE).next(true, 5_999, RULE);
        assertThat(status.isActive()).isFalse();
        assertThat(status.next(true, 6_000, RULE).firedAtMs()).isEqualTo(6_000);
        assertThat(status.next(true, 6_000, RULE).next(true, 9_000, RULE).firedAtMs())
                .as("stays the same alert")
                .isEqualTo(6_000);
    }

    @Test
    void anInterruptionStartsTheDurationAgain() {
        AlertStatus status = AlertStatus.start(RULE)
                .next(true, 1_000, RULE)
                .next(false, 3_000, RULE)
                .next(true, 4_000, RULE)
                .next(true, 8_999, RULE);
        assertThat(status.isActive()).isFalse();
        assertThat(status.next(true, 9_000, RULE).isActive()).isTrue();
    }

    @Test
    void itClearsOnceTheConditionHasNotHeldForItsDuration() {
        AlertStatus fired = AlertStatus.start(RULE).next(true, 0, RULE).next(true, 5_000, RULE);
        assertThat(fired.next(false, 6_000, RULE).isActive()).isTrue();
        assertThat(fired.next(false, 6_000, RULE)
                        .next(true, 8_000, RULE)
                        .next(false, 11_500, RULE)
                        .isActive())
                .isTrue();
        AlertStatus cleared = fired.next(false, 6_000, RULE).next(false, 11_000, RULE);
        assertThat(cleared.isActive()).isFalse();
        assertThat(cleared.clearedAtMs()).isEqualTo(11_000);
    }

    @Test
    void itDoesNotFireAgainWithinItsCoolDown() {
        AlertStatus cleared = AlertStatus.start(RULE)
                .next(true, 0, RULE)
                .next(true, 5_000, RULE)
                .next(false, 6_000, RULE)
                .next(false, 11_000, RULE);
        AlertStatus again = cleared.next(true, 12_000, RULE).next(true, 30_999, RULE);
        assertThat(again.isActive()).isFalse();
        assertThat(again.next(true, 31_000, RULE).isActive()).isTrue();
    }

    @Test
    void itIsTheSameAfterItWasStored() {
        AlertStatus status = AlertStatus.start(RULE).next(true, 1_000, RULE);
        byte[] bytes = AlertStatus.serde().serializer().serialize("topic", status);
        AlertStatus read = AlertStatus.serde().deserializer().deserialize("topic", bytes);
        assertThat(read).isEqualTo(status);
        assertThat(read.isOf(RULE)).isTrue();
        assertThat(read.isOf(RuleTest.withThreshold(0.6))).isFalse();
    }
}
