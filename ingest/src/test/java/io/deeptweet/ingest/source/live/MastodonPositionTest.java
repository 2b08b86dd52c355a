// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
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
                .with("00000000000000aa", id(NOW), NOW)
                .with("00000000000000bb", id(NOW), NOW);
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
    void theStatusesOfTheLastMinuteAreRemembered() {
        MastodonPosition position = MastodonPosition.START;
        int[] ages = {70, 50, 5, 600, 60};
        for (int i = 0; i < ages.length; i++) position = came(position, "a" + i, id(NOW.minusSeconds(ages[i])));
        assertThat(hashes(position)).containsExactly("a1", "a2", "a4");
        assertThat(hashes(came(position, "a5", id(NOW)))).containsExactly("a1", "a2", "a4", "a5");
        assertThat(hashes(came(position, "a5", id(NOW.plusSeconds(20))))).containsExactly("a2", "a5");
        MastodonPosition read = MastodonPosition.parse(position.toString());
        assertThat(hashes(came(read, "a5", id(NOW)))).containsExactly("a1", "a2", "a4", "a5");
    }

    /** As other servers' ids do. */
    @Test
    void whereIdsTellNoTimeThatOfArrivalCounts() {
        MastodonPosition position = MastodonPosition.START
                .with("a0", "01JA", NOW)
                .with("a1", "01JB", NOW.plusSeconds(30))
                .with("a2", "01JC", NOW.plusSeconds(61));
        assertThat(hashes(position)).containsExactly("a1", "a2");
    }

    /** Otherwise one such status would make all others forgotten. */
    @Test
    void anIdOfTheFutureForgetsNothing() {
        MastodonPosition position =
                came(came(MastodonPosition.START, "a0", id(NOW)), "a1", id(NOW.plusSeconds(86_400)));
        assertThat(hashes(position)).containsExactly("a0", "a1");
    }

    private static MastodonPosition came(MastodonPosition position, String hash, String id) {
        return position.reached(TEA, id, NOW).with(hash, id, NOW);
    }

    /** A position is written many times a second. */
    @Test
    void aPositionStaysSmall() {
        MastodonPosition position = MastodonPosition.START;
        for (int i = 0; i < 600; i++) position = position.with(RecentKeys.hash("" + i), id(NOW), NOW);
        assertThat(hashes(position))
                .hasSize(500)
                .doesNotContain(RecentKeys.hash("99"))
                .contains(RecentKeys.hash("100"), RecentKeys.hash("599"));
        assertThat(position.toString()).hasSizeLessThan(10_000);
    }

    private static List<String> hashes(MastodonPosition position) {
        return position.seen().stream().map(MastodonPosition.Seen::hash).toList();
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
