// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.tweet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TweetLimitsTest {
    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "push", "world.cup_2026-final"})
    void lowerCaseLettersDigitsAndThreeSignsNameAFeed(String name) {
        assertThat(TweetLimits.isFeedName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Push", "my feed", ".hidden", "-x", "_x", "a/b", "é", "push\n", "a\"b"})
    void otherCharactersDoNot(String name) {
        assertThat(TweetLimits.isFeedName(name)).isFalse();
    }

    @Test
    void aFeedNameHasAtMost64Characters() {
        assertThat(TweetLimits.isFeedName("a".repeat(64))).isTrue();
        assertThat(TweetLimits.isFeedName("a".repeat(65))).isFalse();
        assertThat(TweetLimits.FEED_NAME_IN_WORDS)
                .isEqualTo("1 to 64 lower-case letters, digits, '.', '_' and '-', the first a letter or digit");
    }
}
