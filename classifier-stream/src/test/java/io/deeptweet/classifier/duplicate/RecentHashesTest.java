// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecentHashesTest {
    private static final long SPAN = 64_000;

    private final Map<Long, byte[]> saved = new TreeMap<>();

    @Test
    void aHashIsHeldForTheSpanAndAtMostOneSegmentLonger() {
        RecentHashes recent = new RecentHashes(SPAN, 1000);
        assertThat(recent.add(7, 0)).isTrue();
        assertThat(recent.add(8, 1_000)).isTrue();
        assertThat(recent.add(7, SPAN)).isFalse();
        assertThat(recent.add(7, SPAN + 1_000)).isTrue();
        assertThat(recent.size()).isEqualTo(1);
    }

    @Test
    void zeroIsAHashLikeOthers() {
        RecentHashes recent = new RecentHashes(SPAN, 1000);
        assertThat(recent.add(0, 0)).isTrue();
        assertThat(recent.add(0, 0)).isFalse();
    }

    /** Hashes of a small range share slots of the table, so that removals move others. */
    @Test
    void itAgreesWithAMapOfAllTimesOverManyAdditionsRemovalsAndRestarts() {
        Random random = new Random(17);
        RecentHashes recent = new RecentHashes(SPAN, Integer.MAX_VALUE);
        Map<Long, Long> times = new HashMap<>();
        long now = 0;
        int again = 0;
        for (int i = 0; i < 200_000; i++) {
            now += random.nextInt(20);
            long hash = 1 + random.nextInt(20_000) % 3 * 4096L + random.nextInt(8_000);
            Long before = times.get(hash);
            boolean added = recent.add(hash, now);
            if (before != null && now - before < SPAN) assertThat(added).isFalse();
            if (before == null || now - before > SPAN + SPAN / 32)
                assertThat(added).isTrue();
            if (added) times.put(hash, now);
            else again++;
            if (i % 100 == 0) save(recent);
            if (i % 20_000 == 0) {
                save(recent);
                recent = restored(Integer.MAX_VALUE);
            }
        }
        assertThat(again).isPositive();
        assertThat(recent.size()).isLessThan(20_000);
        assertThat(saved).hasSizeLessThan(100);
    }

    @Test
    void theNumberOfHashesIsBoundedAndTheNewestAreKept() {
        RecentHashes recent = new RecentHashes(SPAN, 5_000);
        Deque<Long> added = new ArrayDeque<>();
        Random random = new Random(17);
        for (int i = 0; i < 50_000; i++) {
            long hash = random.nextLong();
            assertThat(recent.add(hash, 0)).isTrue();
            added.addLast(hash);
            assertThat(recent.size()).isLessThanOrEqualTo(5_000);
            if (i % 1_000 == 0) save(recent);
        }
        save(recent);
        RecentHashes restored = restored(5_000);
        assertThat(restored.size()).isEqualTo(recent.size());
        for (int i = 0; i < 4_000; i++)
            assertThat(restored.add(added.removeLast(), 0)).isFalse();
        assertThat(restored.add(added.getFirst(), 0)).isTrue();
        assertThat(saved).hasSizeLessThan(20);
    }

    @Test
    void onlyChangedSegmentsAreSaved() {
        RecentHashes recent = new RecentHashes(SPAN, 100_000);
        for (long hash = 1; hash <= 600; hash++) recent.add(hash, 0);
        save(recent);
        assertThat(saved).containsOnlyKeys(0L, 1L);
        saved.clear();
        recent.add(601, 0);
        recent.add(601, 0);
        save(recent);
        assertThat(saved).containsOnlyKeys(1L);
        saved.clear();
        recent.add(601, 0);
        save(recent);
        assertThat(saved).isEmpty();
    }

    private void save(RecentHashes recent) {
        recent.drainChanges(saved::put, saved::remove);
    }

    private RecentHashes restored(int most) {
        RecentHashes restored = new RecentHashes(SPAN, most);
        saved.forEach(restored::restore);
        return restored;
    }
}
