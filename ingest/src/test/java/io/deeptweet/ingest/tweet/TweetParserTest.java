// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.ingest.shape.SinglePosts;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TweetParserTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private final SinglePosts parser = new SinglePosts("election", CLOCK);

    @Test
    void aTweetOfTheFilteredStreamHasTheUserNameOfItsAuthor() {
        assertThat(valid("""
        {"data": {"id": "18", "text": "hé 😀", "created_at": "2024-08-15T22:24:09.000Z", "lang": "en", "author_id": "7"},
         "includes": {"users": [{"id": "6", "username": "bob"}, {"id": "7", "username": "ada"}]}}"""))
                .isEqualTo(new Tweet(
                        "18",
                        "hé 😀",
                        "election",
                        "en",
                        "ada",
                        Instant.parse("2024-08-15T22:24:09Z"),
                        NOW,
                        TweetKind.POST));
    }

    @Test
    void theDataObjectAloneIsATweetAndMissingFieldsHaveDefaults() {
        assertThat(valid("{\"id\": 18, \"text\": \"hello\"}"))
                .isEqualTo(new Tweet("18", "hello", "election", null, null, NOW, NOW, TweetKind.POST));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-08-15T22:24:09.000Z  | 2024-08-15T22:24:09Z",
                "2022-11-20 23:59:21+00:00 | 2022-11-20T23:59:21Z",
                "2024-08-15T22:24:09+02:00 | 2024-08-15T20:24:09Z",
                "2024-08-15T22:24:09.1+0200 | 2024-08-15T20:24:09.100Z",
                "2024-08-15 22:24-05 | 2024-08-16T03:24:00Z",
                "2019-02-25 12:00:00 UTC | 2019-02-25T12:00:00Z",
                "2024-08-15t22:24:09z | 2024-08-15T22:24:09Z",
                "2024-08-15T22:24:09 | 2024-08-15T22:24:09Z",
                "2024-08-15 | 2024-08-15T00:00:00Z",
                "20240815T222409Z | 2024-08-15T22:24:09Z",
                "20240815 | 2024-08-15T00:00:00Z",
                "2024-08-15T22 | 2024-08-15T22:00:00Z",
                "2024-08-15T22:24:09,123Z | 2024-08-15T22:24:09.123Z",
                "2024-08-15T22:24:09.123456789012Z | 2024-08-15T22:24:09.123Z",
                "2024-08-15T22:24:09+02:00[Europe/Berlin] | 2024-08-15T20:24:09Z",
                "2024-08-15+02:00 | 2024-08-14T22:00:00Z",
                "2019-02-25 12:00:00 CET | 2019-02-25T11:00:00Z",
                "Thu Feb  5 01:30:56 +0000 2009 | 2009-02-05T01:30:56Z",
                "mon feb 05 01:30:56 utc 2009 | 2009-02-05T01:30:56Z",
                "Sun, 17 May 2009 01:30:56 EST | 2009-05-17T05:30:56Z",
                "Sun May 17 01:30:56 +0000 2009 | 2009-05-17T01:30:56Z",
                "Mon Apr 06 22:19:45 PDT 2009 | 2009-04-07T05:19:45Z",
                "Sun, 17 May 2009 01:30:56 GMT | 2009-05-17T01:30:56Z",
                "Sun, 7 Jun 2009 01:30:56 +0200 | 2009-06-06T23:30:56Z",
                "1551096000 | 2019-02-25T12:00:00Z",
                "1551096000123 | 2019-02-25T12:00:00.123Z",
                "1551096000123456 | 2019-02-25T12:00:00.123Z",
            })
    void datesAreReadInSeveralFormats(String written, Instant date) {
        assertThat(valid("{\"id\": \"1\", \"text\": \"a\", \"created_at\": \"" + written + "\"}")
                        .getCreatedAt())
                .isEqualTo(date);
    }

    @Test
    void aDateMayBeANumber() {
        assertThat(valid("{\"id\": \"1\", \"text\": \"a\", \"created_at\": 1551096000}")
                        .getCreatedAt())
                .isEqualTo(Instant.parse("2019-02-25T12:00:00Z"));
    }

    @Test
    void allTweetsCanBeDatedNow() {
        ParsedTweet parsed = new SinglePosts("election", true, CLOCK)
                .parse(bytes("{\"id\": \"1\", \"text\": \"a\", \"created_at\": \"2009-01-01T00:00:00Z\"}"));
        assertThat(((ParsedTweet.Valid) parsed).tweet().getCreatedAt()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"id": null, "text": "a"}       | NO_ID         | the tweet has no id
                    {"id": " ", "text": "a"}        | NO_ID         | the tweet has no id
                    {"text": "a"}                   | NO_ID         | the tweet has no id
                    {"id": "1"}                     | NO_TEXT       | the tweet has no text
                    {"id": "1", "text": "  "}       | NO_TEXT       | the tweet has no text
                    {"id": {"a": 1}, "text": "a"}   | INVALID_FIELD | id is neither text nor an integer
                    {"id": 1.5, "text": "a"}        | INVALID_FIELD | id is neither text nor an integer
                    {"id": "1", "text": ["a"]}      | INVALID_FIELD | text is neither text nor null
                    {"data": 5}                     | INVALID_FIELD | data is not an object
                    {"id": "1", "text"              | MALFORMED     | not JSON
                    {"id": "1", "text": "a"} x      | MALFORMED     | not JSON
                    []                              | MALFORMED     | not a JSON object
                    "a"                             | MALFORMED     | not a JSON object
                    {"id": "1", "text": "a", "created_at": "soon"} | INVALID_FIELD | \
                    created_at is not a date from 1970 on: "soon"
                    {"id": "1", "text": "a", "created_at": "1969-12-31T23:59:59Z"} | INVALID_FIELD | \
                    created_at is not a date from 1970 on
                    """)
    void anInvalidTweetHasAReasonAndADetail(String json, Reason reason, String detail) {
        ParsedTweet.Invalid invalid = invalid(bytes(json));
        assertThat(invalid.reason()).isEqualTo(reason);
        assertThat(invalid.detail()).startsWith(detail);
    }

    @Test
    void jsonThatIsMadeToDoHarmIsInvalid() {
        assertThat(invalid(bytes("[".repeat(100_000))).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(invalid(bytes("{\"id\": " + "9".repeat(5000) + ", \"text\": \"a\"}"))
                        .reason())
                .isIn(Reason.MALFORMED, Reason.INVALID_FIELD);
        assertThat(invalid(new byte[] {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xff, (byte) 0xfe, '"', '}'})
                        .reason())
                .isEqualTo(Reason.MALFORMED);
        assertThat(invalid(bytes("{\"id\": \"1\", \"text\": \"" + "a".repeat(TweetLimits.LONGEST_TEXT + 1) + "\"}"))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    /** Java's strings can hold half a surrogate pair. Avro writes it as a question mark. */
    @Test
    void anUnpairedSurrogateIsValid() {
        assertThat(valid("{\"id\": \"1\", \"text\": \"a \\ud83d b\"}").getText())
                .isEqualTo("a \ud83d b");
    }

    @Test
    void aTweetWithoutAnIdGetsTheDefaultId() {
        ParsedTweet parsed = parser.parse(bytes("{\"id\": null, \"text\": \"a\"}"), "election:12");
        assertThat(((ParsedTweet.Valid) parsed).tweet().getId()).isEqualTo("election:12");
    }

    /** The source's tag, whether people set it, what is detected ("-": not sure), and the tweet's language. */
    @ParameterizedTest
    @CsvSource({
        "en,    false, fr, en",
        "pt-BR, false, en, pt-BR",
        "'',    false, fr, fr",
        "'',    false, -,  ",
        "und,   false, fr, fr",
        "und,   false, -,  und",
        "qme,   false, en, en",
        "en,    true,  fr, fr",
        "en,    true,  -,  en",
        "en-GB, true,  en, en-GB",
        "ja,    true,  en, en",
        "'',    true,  fr, fr",
        "'',    true,  -,  ",
    })
    void theLanguageIsDetectedIfTheSourceDoesNotTellIt(String tag, boolean claimed, String detected, String language) {
        LanguageDetector detector = text -> Optional.of(detected).filter(found -> !found.equals("-"));
        TweetFields fields = new TweetFields(
                Optional.of("1"),
                Optional.of("a"),
                Optional.empty(),
                Optional.of(tag),
                Optional.empty(),
                TweetKind.POST,
                Optional.empty(),
                claimed);
        ParsedTweet parsed = new TweetParser("election", detector, CLOCK).parse(fields);
        assertThat(((ParsedTweet.Valid) parsed).tweet().getLanguage()).isEqualTo(Optional.ofNullable(language));
    }

    private Tweet valid(String json) {
        assertThat(parser.parse(bytes(json))).isInstanceOf(ParsedTweet.Valid.class);
        return ((ParsedTweet.Valid) parser.parse(bytes(json))).tweet();
    }

    private ParsedTweet.Invalid invalid(byte[] json) {
        ParsedTweet parsed = parser.parse(json);
        assertThat(parsed).isInstanceOf(ParsedTweet.Invalid.class);
        return (ParsedTweet.Invalid) parsed;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
