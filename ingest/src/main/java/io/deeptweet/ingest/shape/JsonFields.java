// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads posts from JSON objects of any shape. A field stands where the operator says. Otherwise it is taken from the
 * object's {@link Shape}, or else from a field with a usual name, such as {@code content} or {@code date}, whose case
 * does not matter.
 */
public final class JsonFields {
    /** The fields that an operator may name. */
    public static final List<String> FIELDS = List.of("id", "text", "created_at", "lang", "author", "label");

    /** What a field's place may be, as a regular expression: a JSON pointer, or the name of a field. */
    public static final String PLACE_PATTERN = "[^/].*|(?:/(?:[^~/]|~[01])*)+";

    /** Where objects that describe an author hold its name. */
    private static final List<String> AUTHOR_NAMES =
            List.of("username", "screen_name", "handle", "acct", "name", "id_str", "id");

    private static final TweetFields NOTHING = new TweetFields(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), TweetKind.POST);

    /** Where fields usually are. */
    static final JsonFields USUAL = new JsonFields(Map.of());

    private final Map<String, JsonPointer> named = new HashMap<>();

    /**
     * @param places the places of fields by {@linkplain #FIELDS field}: a JSON pointer, which begins with a slash, or
     *     the name of a field
     * @throws IllegalArgumentException if there is no such field, or a place is empty
     * @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901, JSON pointers</a>
     */
    public JsonFields(Map<String, String> places) {
        places.forEach((field, place) -> {
            if (!FIELDS.contains(field))
                throw new IllegalArgumentException(field + " is no field: use " + String.join(", ", FIELDS));
            if (place.isEmpty()) throw new IllegalArgumentException("the place of " + field + " is empty");
            named.put(field, pointer(place));
        });
    }

    private static JsonPointer pointer(String place) {
        return place.startsWith("/")
                ? JsonPointer.compile(place)
                : JsonPointer.empty().appendProperty(place);
    }

    /** Whether the operator says where any field is. */
    boolean areNamed() {
        return !named.isEmpty();
    }

    /**
     * The fields of a post.
     *
     * @throws InvalidTweetException if the value is not an object, or a field has another type
     */
    public TweetFields of(JsonNode object) throws InvalidTweetException {
        if (!object.isObject()) throw new InvalidTweetException(Reason.MALFORMED, "the post is not a JSON object");
        TweetFields shaped = shaped(object);
        Map<String, JsonNode> byName = bySimplifiedName(object);
        return new TweetFields(
                isTaken("id", shaped.id()) ? shaped.id() : Values.identifier("id", value("id", object, byName)),
                isTaken("text", shaped.text()) ? shaped.text() : Values.text("text", value("text", object, byName)),
                isTaken("created_at", shaped.createdAt())
                        ? shaped.createdAt()
                        : Values.date("created_at", value("created_at", object, byName)),
                isTaken("lang", shaped.language())
                        ? shaped.language()
                        : Values.text("lang", value("lang", object, byName)),
                isTaken("author", shaped.author()) ? shaped.author() : author(value("author", object, byName)),
                shaped.kind(),
                label(value("label", object, byName)),
                shaped.languageIsClaimed());
    }

    /** Fields of a post whose shape lacks a date, a language or an author, with what has a usual name instead. */
    TweetFields fill(JsonNode object, TweetFields fields) throws InvalidTweetException {
        if (fields.createdAt().isPresent()
                && fields.language().isPresent()
                && fields.author().isPresent()) return fields;
        Map<String, JsonNode> byName = bySimplifiedName(object);
        JsonNode language = value("lang", object, byName);
        JsonNode author = value("author", object, byName);
        return new TweetFields(
                fields.id(),
                fields.text(),
                fields.createdAt().isPresent()
                        ? fields.createdAt()
                        : Values.date("created_at", value("created_at", object, byName)),
                fields.language().isPresent() || !language.isTextual()
                        ? fields.language()
                        : Optional.of(language.textValue()),
                fields.author().isPresent() || author.isArray() ? fields.author() : author(author),
                fields.kind(),
                fields.label(),
                fields.languageIsClaimed());
    }

    private boolean isTaken(String field, Optional<String> shaped) {
        return shaped.isPresent() && !named.containsKey(field);
    }

    /** What the object's shape says; what is wrong with it matters only where the operator names no fields. */
    private TweetFields shaped(JsonNode object) throws InvalidTweetException {
        Optional<Shape> shape = JsonFormat.shapeOf(object);
        if (shape.isEmpty()) return NOTHING;
        Part part = shape.get().parts(object).get(0);
        if (part instanceof Part.Post post) return post.fields();
        if (part instanceof Part.Invalid invalid && named.isEmpty())
            throw new InvalidTweetException(invalid.reason(), invalid.detail());
        return NOTHING;
    }

    private static Map<String, JsonNode> bySimplifiedName(JsonNode object) {
        Map<String, JsonNode> values = new HashMap<>();
        object.properties()
                .forEach(field -> values.putIfAbsent(FieldNames.simplified(field.getKey()), field.getValue()));
        return values;
    }

    private JsonNode value(String field, JsonNode object, Map<String, JsonNode> byName) {
        if (named.containsKey(field)) return object.at(named.get(field));
        return FieldNames.USUAL.get(field).stream()
                .map(byName::get)
                .filter(value -> value != null && !value.isNull())
                .findFirst()
                .orElseGet(() -> object.path(""));
    }

    /** A name or a number; of an object that describes the author its name. */
    private static Optional<String> author(JsonNode value) throws InvalidTweetException {
        if (!value.isObject()) return Values.identifier("author", value);
        for (String name : AUTHOR_NAMES) {
            JsonNode part = value.path(name);
            if (part.isTextual() || part.isIntegralNumber()) return Optional.of(part.asText());
        }
        return Optional.empty();
    }

    /** As it is written; a label that is an object or array is not worth losing the post. */
    private static Optional<String> label(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (value.isContainerNode()) return Optional.of(value.getNodeType().name());
        return Optional.of(value.asText()).filter(label -> !label.isBlank());
    }
}
