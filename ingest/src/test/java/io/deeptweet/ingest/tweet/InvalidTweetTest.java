// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.reject.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tweets that would do harm downstream are invalid. */
class InvalidTweetTest {
    private final TweetParser parser = new TweetParser(
            "election",
            new XApiFormat(),
            false,
            LanguageDetector.NONE,
            Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC));

    /** Stream time follows the tweets: one from the future would close every window. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-03T03:04:06Z",
                "2099-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z",
                "-999999999-01-01T00:00:00Z"
            })
    void aDateInTheFutureOrBefore1970IsInvalid(String date) {
        assertThat(reason("{\"id\": \"1\", \"text\": \"a\", \"created_at\": \"" + date + "\"}"))
                .isEqualTo(Reason.INVALID_FIELD);
    }

    @Test
    void aClockMayBeADayAhead() {
        assertThat(parse("{\"id\": \"1\", \"text\": \"a\", \"created_at\": \"2026-01-03T03:04:05Z\"}"))
                .isInstanceOf(ParsedTweet.Valid.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text       | 5",
                "text       | true",
                "lang       | 5",
                "created_at | 1.7e9",
                "author_id  | {}",
                "id         | 1e3",
                "id         | [1]",
            })
    void aFieldOfAnotherTypeIsInvalidAndNamed(String field, String value) {
        ParsedTweet.Invalid invalid =
                (ParsedTweet.Invalid) parse("{\"id\": 1, \"text\": \"a\", \"" + field + "\": " + value + "}");
        assertThat(invalid.reason()).isEqualTo(Reason.INVALID_FIELD);
        assertThat(invalid.detail()).startsWith(field + " is neither text nor ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "lang", "author"})
    void aLongIdLanguageOrAuthorIsInvalid(String field) {
        assertThat(reason("{\"id\": 1, \"text\": \"a\", \"" + field + "\": \"" + "x".repeat(257) + "\"}"))
                .isEqualTo(Reason.INVALID_FIELD);
        assertThat(parse("{\"id\": 1, \"text\": \"a\", \"" + field + "\": \"" + "x".repeat(256) + "\"}"))
                .isInstanceOf(ParsedTweet.Valid.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32"})
    void anEncodingOtherThanUtf8IsInvalid(String encoding) {
        assertThat(parser.parse("{\"id\": 1, \"text\": \"a\"}".getBytes(Charset.forName(encoding))))
                .isInstanceOfSatisfying(
                        ParsedTweet.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(Reason.MALFORMED));
    }

    /** An overlong slash, a surrogate, and a code point beyond Unicode. */
    @ParameterizedTest
    @ValueSource(strings = {"c0af", "eda080", "f5808080"})
    void almostUtf8IsInvalid(String hex) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes("{\"id\": 1, \"text\": \"a".getBytes(StandardCharsets.UTF_8));
        json.writeBytes(HexFormat.of().parseHex(hex));
        json.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
        assertThat(parser.parse(json.toByteArray())).isEqualTo(new ParsedTweet.Invalid(Reason.MALFORMED, "not UTF-8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Thu Sep 03 01:30:56 +0000 2009",
                "Sat Jun 13 01:30:56 +0000 2009",
                "Wed Jul 01 01:30:56 +0000 2009"
            })
    void monthsOfOldDatesAreReadInEveryLocale(String date) {
        assertThat(parse("{\"id\": 1, \"text\": \"a\", \"created_at\": \"" + date + "\"}"))
                .isInstanceOf(ParsedTweet.Valid.class);
    }

    private ParsedTweet parse(String json) {
        return parser.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private Reason reason(String json) {
        return ((ParsedTweet.Invalid) parse(json)).reason();
    }
}
