// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MastodonPositionTest {
    private static final Instant NOW = Instant.parse("2026-10-20T08:30:00Z");
    private static final String TEA = "tea.example/hashtag?tag=tea";

    @Test
    void aPositionIsReadAsItWasWritten() {
        MastodonPosition position = MastodonPosition.START
                .reached(TEA, id(NOW), NOW)
                .reached("tea.example/public", "01JABCDEFGHJKMNPQRSTVWXYZ0", NOW)
                .with("00000000000000aa")
                .with("00000000000000bb");
        assertThat(MastodonPosition.parse(position.toString())).isEqualTo(position);
        assertThat(MastodonPosition.parse("")).isEqualTo(MastodonPosition.START);
    }

    @Test
    void aStreamContinuesAMinuteEarlierIfItsIdsTellTheTime() {
        assertThat(MastodonPosition.START.reached(TEA, id(NOW), NOW).start(TEA)).contains(id(NOW.minusSeconds(60)));
        assertThat(MastodonPosition.START.reached(TEA, "01JABC", NOW).start(TEA))
                .contains("01JABC");
        assertThat(MastodonPosition.START.start(TEA)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"99, 100, 100", "100, 99, 100", "abc, abd, abd", "100, , 100", "100, a b, 100", "100, a=b, 100"})
    void theLargestIdCounts(String one, String other, String largest) {
        assertThat(MastodonPosition.START
                        .reached(TEA, one, NOW)
                        .reached(TEA, other == null ? "" : other, NOW)
                        .newest())
                .containsEntry(TEA, largest);
    }

    @Test
    void theNewestStatusesAreRemembered() {
        MastodonPosition position = IntStream.range(0, 2_100)
                .mapToObj(i -> MastodonPosition.hash("https://tea.example/" + i))
                .reduce(MastodonPosition.START, MastodonPosition::with, (a, b) -> b);
        assertThat(position.seen())
                .hasSize(2_000)
                .doesNotContain(MastodonPosition.hash("https://tea.example/99"))
                .contains(MastodonPosition.hash("https://tea.example/100"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "cursor=1 seen=xyz", "=1 seen=", "a=b c", "tea=", "seen=1,g"})
    void anotherTextIsRefused(String text) {
        assertThatThrownBy(() -> MastodonPosition.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String id(Instant time) {
        return Long.toString(time.toEpochMilli() << 16);
    }
}
