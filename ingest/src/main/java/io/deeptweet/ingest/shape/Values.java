// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the fields of JSON objects: a missing field and {@code null} are empty, another type is a fault. */
final class Values {
    private Values() {}

    /**
     * A field that is text.
     *
     * @throws InvalidTweetException if it is something else
     */
    static Optional<String> text(JsonNode object, String field) throws InvalidTweetException {
        return text(field, object.path(field));
    }

    /** A value that is text; the field's name is for the fault. */
    static Optional<String> text(String field, JsonNode value) throws InvalidTweetException {
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (value.isTextual()) return Optional.of(value.textValue());
        throw new InvalidTweetException(Reason.INVALID_FIELD, field + " is neither text nor null: " + shown(value));
    }

    /**
     * An id or a date: text or an integer, also as MongoDB exports them, such as {@code {"$oid": "…"}}.
     *
     * @throws InvalidTweetException if it is something else
     */
    static Optional<String> identifier(JsonNode object, String field) throws InvalidTweetException {
        return identifier(field, object.path(field));
    }

    /** A value that is an id or a date; the field's name is for the fault. */
    static Optional<String> identifier(String field, JsonNode value) throws InvalidTweetException {
        if (value.isIntegralNumber()) return Optional.of(value.asText());
        if (value.isObject() && value.size() == 1) {
            for (String wrapped : new String[] {"$oid", "$date", "$numberLong"})
                if (value.has(wrapped)) return identifier(field, value.path(wrapped));
        }
        if (value.isTextual() || value.isMissingNode() || value.isNull()) return text(field, value);
        throw new InvalidTweetException(
                Reason.INVALID_FIELD, field + " is neither text nor an integer: " + shown(value));
    }

    /**
     * A date: as an id, or a number of seconds with a fraction, which is left out.
     *
     * @throws InvalidTweetException if it is something else
     */
    static Optional<String> date(JsonNode object, String field) throws InvalidTweetException {
        return date(field, object.path(field));
    }

    /** A value that is a date; the field's name is for the fault. */
    static Optional<String> date(String field, JsonNode value) throws InvalidTweetException {
        return value.isNumber() && value.canConvertToLong()
                ? Optional.of(Long.toString(value.longValue()))
                : identifier(field, value);
    }

    /** The first of some fields that has an id or a date. */
    static Optional<String> firstIdentifier(JsonNode object, String... fields) throws InvalidTweetException {
        for (String field : fields) {
            Optional<String> found = identifier(object, field);
            if (found.isPresent()) return found;
        }
        return Optional.empty();
    }

    private static String shown(JsonNode value) {
        return UntrustedText.shortened(UntrustedText.oneLine(value.toString()), 80);
    }

    /** The first of some texts that is not blank; what is no text is skipped. */
    static Optional<String> firstText(JsonNode... values) {
        return Stream.of(values)
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    /** Whether a field holds something: neither missing, null, false, 0, empty text, nor an empty array or object. */
    static boolean holds(JsonNode object, String field) {
        JsonNode value = object.path(field);
        if (value.isContainerNode()) return !value.isEmpty();
        return !value.isMissingNode() && !value.isNull() && !value.asText().isEmpty() && value.asBoolean(true);
    }
}
