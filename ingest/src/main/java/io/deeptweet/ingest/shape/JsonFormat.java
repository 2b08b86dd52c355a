// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
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

    /** The shape of an object; empty if it is none that is known. */
    public static Optional<Shape> shapeOf(JsonNode object) {
        return SHAPES.stream().filter(shape -> shape.matches(object)).findFirst();
    }

    private static final JsonFields USUAL_NAMES = new JsonFields(Map.of());

    private final Optional<JsonFields> named;

    /** The shape of each object tells where its fields are, or else their usual names. */
    public JsonFormat() {
        this(Map.of());
    }

    /** @param names where fields are, see {@link JsonFields}; if there are any, each object is one post */
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
        Content content = read(object);
        return content.parts().size() > 1
                ? content
                : new Content(content.shape(), List.of(content.parts().get(0).receivedAs(record)));
    }

    /** What an object holds. */
    public Content read(JsonNode object) {
        if (named.isPresent()) return content("named-fields", object, named.get());
        return shapeOf(object)
                .map(shape -> new Content(shape.label(), shape.parts(object)))
                .orElseGet(() -> content(Content.UNKNOWN, object, USUAL_NAMES));
    }

    private static Content content(String shape, JsonNode object, JsonFields fields) {
        return new Content(shape, List.of(Part.of(object, () -> fields.of(object))));
    }
}
