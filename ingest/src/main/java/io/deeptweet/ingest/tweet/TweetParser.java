// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes tweets of what sources deliver, or says why it can't.
 *
 * <p>JSON is the X API v2's, as its filtered stream sends it, {@code {"data": {"id", "text", "created_at", "lang",
 * "author_id"}, "includes": {"users": [{"id", "username"}]}}}, or the object in {@code data} alone. Dates are ISO 8601
 * (a space will do for the T) or X's older {@code Sun May 17 01:30:56 +0000 2009}; a tweet without one was written now.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/introduction">X API v2, filtered stream</a>
 */
public final class TweetParser {
    /** Longest text, in UTF-16 units: four times what X allows its longest posts. */
    public static final int LONGEST_TEXT = 100_000;

    /** Longest id, author and language, in UTF-16 units. */
    private static final int LONGEST_NAME = 256;
    /**
     * How far ahead of ours a source's clock may be. One tweet from 2099 would end every window before it was counted.
     */
    private static final Duration LARGEST_LEAD = Duration.ofDays(1);

    private static final int LONGEST_QUOTE = 80;
    private static final DateTimeFormatter OLD_DATE =
            DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss Z yyyy", Locale.ROOT);
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .readerFor(JsonNode.class);

    private final String feed;
    private final boolean datedNow;
    private final Clock clock;

    /**
     * @param feed the feed that the tweets belong to
     * @param datedNow whether tweets count as written now, whatever their date says
     */
    public TweetParser(String feed, boolean datedNow, Clock clock) {
        this.feed = feed;
        this.datedNow = datedNow;
        this.clock = clock;
    }

    /**
     * Reads one JSON object.
     *
     * @param json UTF-8
     * @param otherwiseId the id of a tweet that has none; empty to refuse it
     */
    public ParsedTweet parse(byte[] json, Optional<String> otherwiseId) {
        JsonNode root;
        try {
            root = JSON.readTree(Utf8.decode(json));
        } catch (CharacterCodingException e) {
            return new ParsedTweet.Refused(Reason.MALFORMED, "not UTF-8");
        } catch (JsonProcessingException e) {
            return new ParsedTweet.Refused(Reason.MALFORMED, "not JSON: " + e.getOriginalMessage());
        }
        if (!root.isObject()) return new ParsedTweet.Refused(Reason.MALFORMED, "not a JSON object");
        JsonNode data = root.path("data");
        if (!data.isMissingNode() && !data.isObject())
            return new ParsedTweet.Refused(Reason.INVALID_FIELD, "data is not an object");
        JsonNode tweet = data.isObject() ? data : root;
        try {
            Optional<String> authorId = identifier(tweet, "author_id");
            Optional<String> author = authorId.flatMap(id -> userName(root, id))
                    .or(() -> authorId)
                    .or(() -> text(tweet, "author"));
            return parse(
                    new TweetFields(
                            identifier(tweet, "id"),
                            text(tweet, "text"),
                            text(tweet, "created_at"),
                            text(tweet, "lang"),
                            author),
                    otherwiseId);
        } catch (WrongType e) {
            return new ParsedTweet.Refused(Reason.INVALID_FIELD, e.getMessage());
        }
    }

    /** Checks fields; as {@link #parse(byte[], Optional)}. */
    public ParsedTweet parse(TweetFields fields, Optional<String> otherwiseId) {
        Optional<String> id = fields.id().filter(found -> !found.isBlank()).or(() -> otherwiseId);
        if (id.isEmpty()) return new ParsedTweet.Refused(Reason.NO_ID, "the tweet has no id");
        Optional<String> text = fields.text().filter(found -> !found.isBlank());
        if (text.isEmpty()) return new ParsedTweet.Refused(Reason.NO_TEXT, "the tweet has no text");
        if (text.get().length() > LONGEST_TEXT)
            return new ParsedTweet.Refused(
                    Reason.TOO_LARGE, "the text has " + text.get().length() + " characters, more than " + LONGEST_TEXT);
        Optional<String> tooLong = tooLong("id", id)
                .or(() -> tooLong("author", fields.author()))
                .or(() -> tooLong("lang", fields.language()));
        if (tooLong.isPresent()) return new ParsedTweet.Refused(Reason.INVALID_FIELD, tooLong.get());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant created = now;
        if (!datedNow && fields.createdAt().isPresent()) {
            Optional<Instant> date = date(fields.createdAt().get().strip());
            if (date.isEmpty())
                return new ParsedTweet.Refused(
                        Reason.INVALID_FIELD,
                        "created_at is no date from 1970 on: "
                                + quote(fields.createdAt().get()));
            if (date.get().isAfter(now.plus(LARGEST_LEAD)))
                return new ParsedTweet.Refused(
                        Reason.INVALID_FIELD,
                        "created_at is in the future: "
                                + quote(fields.createdAt().get()));
            created = date.get();
        }
        return new ParsedTweet.Accepted(new Tweet(
                id.get().strip(),
                text.get(),
                feed,
                fields.language()
                        .map(String::strip)
                        .filter(language -> !language.isEmpty())
                        .orElse(null),
                fields.author().filter(author -> !author.isBlank()).orElse(null),
                created,
                now));
    }

    private static Optional<Instant> date(String written) {
        Optional<Instant> date = Optional.empty();
        try {
            String iso = written.length() > 10 && written.charAt(10) == ' '
                    ? written.substring(0, 10) + 'T' + written.substring(11).strip()
                    : written;
            date = Optional.of(OffsetDateTime.parse(iso).toInstant());
        } catch (DateTimeException notIso) {
            try {
                date = Optional.of(OffsetDateTime.parse(written, OLD_DATE).toInstant());
            } catch (DateTimeException notOld) {
                // no date
            }
        }
        return date.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS))
                .filter(instant -> instant.getEpochSecond() >= 0);
    }

    private static Optional<String> userName(JsonNode root, String id) {
        for (JsonNode user : root.path("includes").path("users"))
            if (identifier(user, "id").filter(id::equals).isPresent()) return text(user, "username");
        return Optional.empty();
    }

    private static Optional<String> tooLong(String field, Optional<String> value) {
        return value.map(String::length)
                .filter(length -> length > LONGEST_NAME)
                .map(length -> "the " + field + " has " + length + " characters, more than " + LONGEST_NAME);
    }

    private static final class WrongType extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongType(String message) {
            super(message, null, false, false);
        }
    }

    /** Text; empty for null and for what is not there. */
    private static Optional<String> text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (value.isTextual()) return Optional.of(value.textValue());
        throw new WrongType(field + " is neither text nor null");
    }

    /** An id, written as text or as a whole number; empty as {@link #text}. */
    private static Optional<String> identifier(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isIntegralNumber()) return Optional.of(value.asText());
        if (value.isTextual() || value.isMissingNode() || value.isNull()) return text(object, field);
        throw new WrongType(field + " is neither text nor a number without a fraction");
    }

    private static String quote(String value) {
        return '"' + (value.length() <= LONGEST_QUOTE ? value : value.substring(0, LONGEST_QUOTE) + "…") + '"';
    }
}
