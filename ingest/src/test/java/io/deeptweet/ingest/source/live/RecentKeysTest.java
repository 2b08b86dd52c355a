// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentKeysTest {
    /** The Java hash codes of these texts are the same. */
    @Test
    void textsThatCollideElsewhereHaveOtherHashes() {
        assertThat("Aa".hashCode()).isEqualTo("BB".hashCode());
        assertThat(RecentKeys.hash("Aa", "1")).isNotEqualTo(RecentKeys.hash("BB", "1"));
        assertThat(RecentKeys.hash("a", "bc")).isNotEqualTo(RecentKeys.hash("ab", "c"));
    }

    /** {@code printf '5:apple' | sha256sum} */
    @Test
    void aHashIsTheBeginningOfSha256() {
        assertThat(RecentKeys.hash("apple")).isEqualTo("3795c6e42d594c40");
    }

    @Test
    void theOldestKeyIsForgotten() {
        RecentKeys keys = new RecentKeys();
        for (int i = 0; i <= RecentKeys.MOST; i++) assertThat(keys.add("" + i)).isTrue();
        assertThat(keys.add("1")).isFalse();
        assertThat(keys.add("0")).isTrue();
    }
}
