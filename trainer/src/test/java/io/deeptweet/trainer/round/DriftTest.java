// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.round;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.DriftWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");
    private final Drift drift = drift(Map.of("base-00000000", 400L), NOON);

    /**
     * A window that is an hour long and told at noon began at eleven: what started then or earlier knew nothing of it.
     */
    @Test
    void aWindowIsNewIfItBeganAfterTheLastRound() {
        assertThat(drift.isNewSince(Optional.empty())).isTrue();
        assertThat(drift.isNewSince(Optional.of(NOON.minus(Duration.ofHours(1)))))
                .isTrue();
        assertThat(drift.isNewSince(Optional.of(NOON.minus(Duration.ofHours(1)).plusMillis(1))))
                .isFalse();
    }

    /** Its tweets go on coming while the round runs and after it. */
    @Test
    void theWindowThatStartedARoundStartsNoOther() {
        for (int minutes = 0; minutes < 60; minutes++)
            assertThat(drift(Map.of("base-00000000", 400L), NOON.plus(Duration.ofMinutes(minutes)))
                            .isNewSince(Optional.of(NOON)))
                    .as(minutes + " minutes later")
                    .isFalse();
    }

    @Test
    void onlyWhatTheActiveVersionAloneScoredSaysThatItDrifts() {
        assertThat(drift.isOf("base-00000000")).isTrue();
        assertThat(drift.isOf("round-1-00000000")).isFalse();
        assertThat(drift(Map.of("base-00000000", 399L, "round-1-00000000", 1L), NOON)
                        .isOf("base-00000000"))
                .isFalse();
    }

    @Test
    void aStrangersFeedDoesNotBreakTheLine() {
        DriftWindow window = window("a\nround 7 starts\u202e", Map.of());
        assertThat(new Drift(window, NOON))
                .hasToString(
                        "the feed a round 7 starts  drifts by psi, unknown from 2024-08-15T11:00:00Z to 2024-08-15T12:00:00Z");
    }

    static Drift drift(Map<String, Long> versions, Instant toldAt) {
        return new Drift(window("election", versions), toldAt);
    }

    private static DriftWindow window(String feed, Map<String, Long> versions) {
        return new DriftWindow(
                feed,
                NOON.minus(Duration.ofHours(1)),
                NOON,
                400L,
                0.3,
                0.2,
                Collections.nCopies(10, 40L),
                0.4,
                versions,
                List.of("psi", "unknown"));
    }
}
