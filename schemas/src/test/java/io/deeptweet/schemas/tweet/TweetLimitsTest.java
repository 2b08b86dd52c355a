// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.tweet;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.time.Instant;
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

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static Reason fault(String id, String text, String feed, String language, String author, Instant created) {
        return TweetLimits.fault(new Tweet(id, text, feed, language, author, created, NOW, TweetKind.POST), NOW)
                .map(TweetLimits.Fault::reason)
                .orElse(null);
    }

    @Test
    void aTweetAtEveryLimitIsValid() {
        String name = "n".repeat(256);
        assertThat(fault(
                        name,
                        "t".repeat(100_000),
                        "f".repeat(64),
                        name,
                        name,
                        NOW.plus(TweetLimits.LARGEST_CLOCK_LEAD)))
                .isNull();
        assertThat(fault("1", "t", "f", null, null, Instant.EPOCH)).isNull();
    }

    @Test
    void aTweetBeyondALimitIsInvalid() {
        String name = "n".repeat(257);
        assertThat(fault(" ", "t", "f", null, null, NOW)).isEqualTo(Reason.NO_ID);
        assertThat(fault("1", " ", "f", null, null, NOW)).isEqualTo(Reason.NO_TEXT);
        assertThat(fault("1", "t".repeat(100_001), "f", null, null, NOW)).isEqualTo(Reason.TOO_LARGE);
        assertThat(fault(name, "t", "f", null, null, NOW)).isEqualTo(Reason.INVALID_FIELD);
        assertThat(fault("1", "t", "f".repeat(600_000), null, null, NOW)).isEqualTo(Reason.INVALID_FIELD);
        assertThat(fault("1", "t", "f", name, null, NOW)).isEqualTo(Reason.INVALID_FIELD);
        assertThat(fault("1", "t", "f", null, name, NOW)).isEqualTo(Reason.INVALID_FIELD);
        assertThat(fault("1", "t", "f", null, null, Instant.EPOCH.minusMillis(1)))
                .isEqualTo(Reason.INVALID_FIELD);
        assertThat(fault(
                        "1",
                        "t",
                        "f",
                        null,
                        null,
                        NOW.plus(TweetLimits.LARGEST_CLOCK_LEAD).plusMillis(1)))
                .isEqualTo(Reason.INVALID_FIELD);
    }
}
