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
import io.deeptweet.schemas.text.UntrustedText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads labels from JSON. */
public final class LabelParser {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build()
            .readerFor(JsonNode.class);

    private LabelParser() {}

    /**
     * Reads and checks a label: {@code {"id", "text", "label", "labeler", "labeledBy", "labeledAt", "feed"}}, where
     * {@code label} is negative, neutral or positive, {@code labeler} is person, source or weak_rule, and
     * {@code labeledAt} is ISO 8601 (default: now). The last four fields may be missing.
     *
     * @param json one JSON object in UTF-8
     * @param sender who sent it, which limits what the label may say about its origin
     */
    public static CheckedLabel parse(byte[] json, LabelSender sender, Instant now) {
        try {
            return parse(
                    JSON.readTree(StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(json))
                            .toString()),
                    sender,
                    now);
        } catch (CharacterCodingException e) {
            return new CheckedLabel.Invalid(Reason.MALFORMED, "not UTF-8");
        } catch (JsonProcessingException e) {
            return new CheckedLabel.Invalid(Reason.MALFORMED, "not JSON: " + e.getOriginalMessage());
        }
    }

    private static CheckedLabel parse(JsonNode label, LabelSender sender, Instant now) {
        if (!label.isObject()) return new CheckedLabel.Invalid(Reason.MALFORMED, "not a JSON object");
        for (String field : List.of("text", "feed", "label", "labeler", "labeledBy", "labeledAt")) {
            JsonNode value = label.path(field);
            if (!value.isTextual() && !isAbsent(value)) return invalidField(field + " is neither text nor null");
        }
        JsonNode id = label.path("id");
        if (!id.isTextual() && !id.isIntegralNumber() && !isAbsent(id))
            return invalidField("id is neither text nor a whole number");
        String sentiment = text(label, "label").orElse("");
        Optional<Sentiment> parsedSentiment = symbol(Sentiment.class, sentiment);
        if (parsedSentiment.isEmpty())
            return invalidField("label is " + UntrustedText.quoted(sentiment) + ": use negative, neutral or positive");
        String labeler = text(label, "labeler").orElse(sender.defaultLabeler());
        Optional<Labeler> parsedLabeler = symbol(Labeler.class, labeler);
        if (parsedLabeler.isEmpty())
            return invalidField("labeler is " + UntrustedText.quoted(labeler) + ": use person, source or weak_rule");
        if (!sender.mayBe(parsedLabeler.get()))
            return invalidField("labeler is person, and nobody has authenticated: use source or weak_rule");
        Instant at;
        try {
            at = text(label, "labeledAt")
                    .map(written -> OffsetDateTime.parse(written.strip()).toInstant())
                    .orElse(now)
                    .truncatedTo(ChronoUnit.MILLIS);
        } catch (DateTimeException e) {
            return invalidField("labeledAt is "
                    + UntrustedText.quoted(label.path("labeledAt").asText())
                    + ": use a date such as 2024-08-15T22:24:00Z");
        }
        LabeledTweet tweet = new LabeledTweet(
                isAbsent(id) ? "" : id.asText().strip(),
                text(label, "text").orElse(""),
                text(label, "feed").filter(feed -> !feed.isBlank()).orElse(null),
                parsedSentiment.get(),
                parsedLabeler.get(),
                sender.labeledBy(parsedLabeler.get(), text(label, "labeledBy")),
                at);
        return LabelCheck.fault(tweet, now)
                .<CheckedLabel>map(fault -> fault)
                .orElseGet(() -> new CheckedLabel.Valid(tweet));
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static Optional<String> text(JsonNode object, String field) {
        return Optional.ofNullable(object.path(field).textValue());
    }

    private static <E extends Enum<E>> Optional<E> symbol(Class<E> type, String written) {
        for (E symbol : type.getEnumConstants())
            // In lower case: in upper case, a dotless i would be an I.
            if (symbol.name().toLowerCase(Locale.ROOT).equals(written.strip().toLowerCase(Locale.ROOT)))
                return Optional.of(symbol);
        return Optional.empty();
    }

    private static CheckedLabel.Invalid invalidField(String detail) {
        return new CheckedLabel.Invalid(Reason.INVALID_FIELD, detail);
    }
}
