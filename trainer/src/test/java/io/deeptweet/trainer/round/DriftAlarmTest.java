// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.ClassHistograms;
import io.deeptweet.schemas.DriftWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftAlarmTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final DriftAlarm alarm = alarm(Map.of("base-00000000", 400L), NOON);

    /** A window of an hour that is published at noon began at eleven: a round that started by then had not seen it. */
    @Test
    void anAlarmIsNewIfItsWindowBeganAfterTheLastRound() {
        assertThat(alarm.isNewSince(Optional.empty())).isTrue();
        assertThat(alarm.isNewSince(Optional.of(NOON.minus(Duration.ofHours(1)))))
                .isTrue();
        assertThat(alarm.isNewSince(Optional.of(NOON.minus(Duration.ofHours(1)).plusMillis(1))))
                .isFalse();
    }

    /** The classifier publishes the window again while the round runs and after it. */
    @Test
    void aWindowStartsOneRoundOnly() {
        for (int minutes = 0; minutes < 60; minutes++)
            assertThat(alarm(Map.of("base-00000000", 400L), NOON.plus(Duration.ofMinutes(minutes)))
                            .isNewSince(Optional.of(NOON)))
                    .as(minutes + " minutes later")
                    .isFalse();
    }

    @Test
    void anAlarmIsAboutAVersionIfThatScoredAllTweets() {
        assertThat(alarm.isOf("base-00000000")).isTrue();
        assertThat(alarm.isOf("round-1-00000000")).isFalse();
        assertThat(alarm(Map.of("base-00000000", 399L, "round-1-00000000", 1L), NOON)
                        .isOf("base-00000000"))
                .isFalse();
    }

    @Test
    void aFeedNameCannotBreakTheLogLine() {
        DriftWindow window = window("a\nround 7 starts\u202e", Map.of());
        assertThat(new DriftAlarm(window, NOON))
                .hasToString("feed a⏎round 7 starts\uFFFD drifts (psi, unknown) from 2024-08-15T11:00:00Z"
                        + " to 2024-08-15T12:00:00Z");
    }

    static DriftAlarm alarm(Map<String, Long> versions, Instant publishedAt) {
        return new DriftAlarm(window("election", versions), publishedAt);
    }

    private static DriftWindow window(String feed, Map<String, Long> versions) {
        return new DriftWindow(
                feed,
                NOON.minus(Duration.ofHours(1)),
                NOON,
                400L,
                0.3,
                0.2,
                new ClassHistograms(List.of(), List.of(), Collections.nCopies(10, 40L)),
                0.4,
                versions,
                List.of("psi", "unknown"));
    }
}
