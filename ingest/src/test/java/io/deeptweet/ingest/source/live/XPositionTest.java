// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.ingest.source.live.XPosition.Gap;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;

class XPositionTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final XPosition start = XPosition.start(NOW);

    @Test
    void whatIsWrittenIsRead() {
        XPosition position = new XPosition(
                YearMonth.of(2026, 11),
                12_345_678,
                XIds.at(NOW),
                List.of(new Gap(1, XIds.at(NOW)), new Gap(8, 9)),
                List.of(XIds.at(NOW), 7L));
        assertThat(XPosition.parse(position.toString())).isEqualTo(position);
        assertThat(XPosition.parse(start.toString())).isEqualTo(start);
        assertThatThrownBy(() -> XPosition.parse("server=x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() ->
                        XPosition.parse(start.toString().replaceFirst("newest=\\d+", "newest=9999999999999999999")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void idsTellTheTime() {
        assertThat(XIds.time(XIds.at(NOW) + 4_000_000)).isEqualTo(NOW);
        assertThat(XIds.time(1_460_323_737_035_677_698L)).isEqualTo(Instant.parse("2021-11-15T19:08:05.069Z"));
    }

    @Test
    void thePostsOfTheLastHalfMinuteAreRemembered() {
        XPosition position = start.after(XIds.at(NOW.plusSeconds(1)))
                .after(XIds.at(NOW.plusSeconds(20)))
                .after(XIds.at(NOW.plusSeconds(40)))
                .after(XIds.at(NOW.plusSeconds(39)));
        assertThat(position.seen())
                .extracting(id -> XIds.time(id).getEpochSecond() - NOW.getEpochSecond())
                .containsExactly(20L, 40L, 39L);
        assertThat(XIds.time(position.missedSince())).isEqualTo(NOW.plusSeconds(10));
    }

    @Test
    void whatWasSpentOutlastsANewBeginning() {
        XPosition position = start.withSpent(YearMonth.of(2026, 11), 12_345_678)
                .withGap(new Gap(1, 5))
                .after(XIds.at(NOW.minusSeconds(1)));
        XPosition restarted = position.restarted(NOW.plusSeconds(60));
        assertThat(restarted.month()).isEqualTo(YearMonth.of(2026, 11));
        assertThat(restarted.spent()).isEqualTo(12_345_678);
        assertThat(restarted.gaps()).isEmpty();
        assertThat(restarted.seen()).isEmpty();
        assertThat(XIds.time(restarted.missedSince())).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void gapsThatTouchAreOneAndThereAreNotMoreThanTwenty() {
        assertThat(start.withGap(new Gap(1, 5)).withGap(new Gap(4, 9)).gaps()).containsExactly(new Gap(1, 9));
        XPosition position = start;
        for (int i = 0; i < 100; i++) position = position.withGap(new Gap(10 * i, 10 * i + 1));
        assertThat(position.gaps()).hasSize(20).last().isEqualTo(new Gap(190, 991));
    }
}
