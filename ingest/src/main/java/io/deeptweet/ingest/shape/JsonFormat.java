// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A record is a JSON object. Its {@link Shape} is told by its content. */
public final class JsonFormat implements RecordFormat {
    /** In this order: what an earlier one matches is not asked of a later one. */
    private static final List<Shape> SHAPES = Stream.<Shape[]>of(
                    BlueskyShape.values(),
                    RedditShape.values(),
                    MastodonShape.values(),
                    ActivityPubShape.values(),
                    ScrapedShape.values(),
                    XApiShape.values())
            .flatMap(Stream::of)
            .toList();

    /** More would be no page of an API. */
    private static final int MOST_PARTS = 20_000;

    /** The shape of an object; empty if it is none that is known. */
    public static Optional<Shape> shapeOf(JsonNode object) {
        return SHAPES.stream().filter(shape -> shape.matches(object)).findFirst();
    }

    private final Optional<JsonFields> named;

    /** The shape of each object tells where its fields are, or else their usual names. */
    public JsonFormat() {
        this(Map.of());
    }

    /** @param names where fields are, see {@link JsonFields}; if there are any, the shapes do not count */
    public JsonFormat(Map<String, String> names) {
        named = names.isEmpty() ? Optional.empty() : Optional.of(new JsonFields(names));
    }

    @Override
    public Content read(byte[] record) {
        JsonNode object;
        try {
            object = RecordJson.object(record);
        } catch (InvalidTweetException e) {
            return new Content(Content.UNKNOWN, List.of(new Part.Invalid(e.reason(), e.getMessage(), () -> record)));
        }
        return read(object).receivedAs(record);
    }

    /** What an object holds. */
    public Content read(JsonNode object) {
        return bounded(object, named.map(fields -> named(object, fields)).orElseGet(() -> shaped(object)));
    }

    private static Content shaped(JsonNode object) {
        Optional<Shape> shape = shapeOf(object);
        if (shape.isPresent())
            return new Content(shape.get().label(), shape.get().parts(object));
        return new Content(Content.UNKNOWN, orOne(object, JsonFields.USUAL));
    }

    private static Content named(JsonNode object, JsonFields fields) {
        return new Content("named-fields", orOne(object, fields));
    }

    /** The elements of a list with a usual name, or the object itself. */
    private static List<Part> orOne(JsonNode object, JsonFields fields) {
        return Part.orEmpty(new JsonItems(Optional.empty(), fields).parts(object));
    }

    private static Content bounded(JsonNode object, Content content) {
        int parts = content.parts().size();
        if (parts <= MOST_PARTS) return content;
        return new Content(
                content.shape(),
                List.of(new Part.Invalid(
                        Reason.TOO_LARGE,
                        "the record holds " + parts + " posts, more than " + MOST_PARTS,
                        () -> RecordJson.bytes(object))));
    }
}
