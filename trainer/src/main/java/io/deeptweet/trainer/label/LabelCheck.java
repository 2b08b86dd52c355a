// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.Labeler;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** Says what is wrong with labels, wherever they come from. */
public final class LabelCheck {
    /** Longest text, in UTF-16 units: no model reads as much, and the trainer keeps texts in memory. */
    public static final int LONGEST_TEXT = 10_000;

    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_QUOTE = 80;
    /** How far ahead of ours a judge's clock may be. A label from 2099 would hold for good. */
    private static final Duration LARGEST_LEAD = Duration.ofDays(1);

    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .readerFor(JsonNode.class);

    private LabelCheck() {}

    /** What a record that should be a label is. */
    public sealed interface Checked {
        /** A label. */
        record Accepted(LabeledTweet tweet) implements Checked {}

        /**
         * None.
         *
         * @param reason the kind of fault
         * @param detail the fault in a sentence
         */
        record Refused(Reason reason, String detail) implements Checked {}
    }

    /**
     * Checks a label's values.
     *
     * @param received when it came; what was given later than that and a day is refused
     */
    public static Optional<Checked.Refused> fault(LabeledTweet tweet, Instant received) {
        if (tweet.getId().isBlank()) return refused(Reason.NO_ID, "the label names no tweet: its id is blank");
        if (tweet.getText().isBlank()) return refused(Reason.NO_TEXT, "the labelled tweet has no text");
        if (tweet.getText().length() > LONGEST_TEXT)
            return refused(
                    Reason.TOO_LARGE,
                    "the text has " + tweet.getText().length() + " characters, more than " + LONGEST_TEXT);
        if (tweet.getId().length() > LONGEST_NAME)
            return refused(
                    Reason.INVALID_FIELD,
                    "the id has " + tweet.getId().length() + " characters, more than " + LONGEST_NAME);
        if (tweet.getLabeledBy().isBlank())
            return refused(Reason.INVALID_FIELD, "labeledBy is blank: say who or what gave the label");
        if (tweet.getLabeledBy().length() > LONGEST_NAME)
            return refused(
                    Reason.INVALID_FIELD,
                    "labeledBy has " + tweet.getLabeledBy().length() + " characters, more than " + LONGEST_NAME);
        // Compared as numbers: the largest that Avro holds are no instants that a Duration could be added to.
        long at = tweet.getLabeledAt().toEpochMilli();
        if (at < 0) return refused(Reason.INVALID_FIELD, "labeledAt is " + tweet.getLabeledAt() + ", before 1970");
        if (at > received.plus(LARGEST_LEAD).toEpochMilli())
            return refused(Reason.INVALID_FIELD, "labeledAt is in the future: " + tweet.getLabeledAt());
        return Optional.empty();
    }

    /**
     * Reads a label from JSON: {@code {"id", "text", "label", "labeler", "labeledBy", "labeledAt", "feed"}}, where
     * {@code label} is positive or negative, {@code labeler} is person (if it is not there), source or weak_rule,
     * {@code labeledAt} is ISO 8601 (now, if it is not there), and the last four may be missing.
     *
     * @param json UTF-8
     */
    public static Checked parse(byte[] json, Instant now) {
        JsonNode label;
        try {
            label = JSON.readTree(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString());
        } catch (CharacterCodingException e) {
            return new Checked.Refused(Reason.MALFORMED, "not UTF-8");
        } catch (JsonProcessingException e) {
            return new Checked.Refused(Reason.MALFORMED, "not JSON: " + e.getOriginalMessage());
        }
        return parse(label, now);
    }

    /** Reads a label from JSON; as {@link #parse(byte[], Instant)}. */
    public static Checked parse(JsonNode label, Instant now) {
        if (!label.isObject()) return new Checked.Refused(Reason.MALFORMED, "not a JSON object");
        for (String field : new String[] {"text", "feed", "label", "labeler", "labeledBy", "labeledAt"}) {
            JsonNode value = label.path(field);
            if (!value.isTextual() && !value.isMissingNode() && !value.isNull())
                return new Checked.Refused(Reason.INVALID_FIELD, field + " is neither text nor null");
        }
        JsonNode id = label.path("id");
        if (!id.isTextual() && !id.isIntegralNumber() && !id.isMissingNode() && !id.isNull())
            return new Checked.Refused(Reason.INVALID_FIELD, "id is neither text nor a number without a fraction");
        String sentiment = label.path("label").asText("");
        Optional<Sentiment> known = symbol(Sentiment.class, sentiment);
        if (known.isEmpty())
            return new Checked.Refused(
                    Reason.INVALID_FIELD, "label is " + quote(sentiment) + ": use positive or negative");
        String judge = text(label, "labeler").orElse("person");
        Optional<Labeler> labeler = symbol(Labeler.class, judge);
        if (labeler.isEmpty())
            return new Checked.Refused(
                    Reason.INVALID_FIELD, "labeler is " + quote(judge) + ": use person, source or weak_rule");
        Instant at;
        try {
            at = text(label, "labeledAt")
                    .map(written -> OffsetDateTime.parse(written.strip()).toInstant())
                    .orElse(now)
                    .truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            return new Checked.Refused(
                    Reason.INVALID_FIELD,
                    "labeledAt is no date such as 2024-08-15T22:24:00Z: "
                            + quote(label.path("labeledAt").asText()));
        }
        LabeledTweet tweet = new LabeledTweet(
                id.isNull() ? "" : id.asText("").strip(),
                text(label, "text").orElse(""),
                text(label, "feed").filter(feed -> !feed.isBlank()).orElse(null),
                known.get(),
                labeler.get(),
                text(label, "labeledBy").orElse("POST /labels"),
                at);
        return fault(tweet, now).<Checked>map(fault -> fault).orElseGet(() -> new Checked.Accepted(tweet));
    }

    private static Optional<String> text(JsonNode object, String field) {
        return Optional.ofNullable(object.path(field).textValue());
    }

    private static <E extends Enum<E>> Optional<E> symbol(Class<E> type, String written) {
        for (E symbol : type.getEnumConstants())
            if (symbol.name().equals(written.strip().toUpperCase(Locale.ROOT))) return Optional.of(symbol);
        return Optional.empty();
    }

    private static Optional<Checked.Refused> refused(Reason reason, String detail) {
        return Optional.of(new Checked.Refused(reason, detail));
    }

    private static String quote(String value) {
        return '"' + (value.length() <= LONGEST_QUOTE ? value : value.substring(0, LONGEST_QUOTE) + "…") + '"';
    }
}
