// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.RecordJson;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the posts in the answer of an API: at the operator's place, or the answer itself if it is a list, or as the
 * answer's {@link Shape} says, or in a list with a usual name. An answer without a list is one post.
 */
public final class JsonItems {
    private static final List<JsonPointer> USUAL_PLACES = Stream.of(
                    "/tweets",
                    "/posts",
                    "/statuses",
                    "/items",
                    "/results",
                    "/records",
                    "/data",
                    "/data/tweets",
                    "/data/posts",
                    "/data/items")
            .map(JsonPointer::compile)
            .toList();

    private final Optional<JsonPointer> place;
    private final JsonFields fields;

    /**
     * @param place where the list is; empty to look for it
     * @param fields where the fields of a post are
     */
    public JsonItems(Optional<JsonPointer> place, JsonFields fields) {
        this.place = place;
        this.fields = fields;
    }

    /** What an answer holds; empty if its list is empty. */
    public List<Part> parts(JsonNode answer) {
        if (place.isPresent()) return named(answer, place.get());
        if (answer.isArray()) return elements(answer);
        Optional<Shape> shape = fields.areNamed() ? Optional.empty() : JsonFormat.shapeOf(answer);
        if (shape.filter(found -> isPage(found, answer)).isPresent())
            return shape.get().parts(answer);
        Optional<JsonNode> list =
                USUAL_PLACES.stream().map(answer::at).filter(JsonNode::isArray).findFirst();
        if (list.isPresent()) return elements(list.get());
        List<Part> parts = shape.map(found -> found.parts(answer)).orElse(List.of());
        boolean onePost = parts.isEmpty() || (parts.size() == 1 && !(parts.get(0) instanceof Part.Notice));
        return onePost ? List.of(part(answer)) : parts;
    }

    /** X's shapes match much that is not X's; a page without {@code includes} is a list like others. */
    private static boolean isPage(Shape shape, JsonNode answer) {
        return !(shape instanceof XApiShape)
                || (shape == XApiShape.PAGE && answer.path("includes").isObject());
    }

    private List<Part> named(JsonNode answer, JsonPointer at) {
        JsonNode list = answer.at(at);
        if (list.isArray()) return elements(list);
        if (list.isNull()) return List.of();
        return List.of(new Part.Invalid(
                Reason.INVALID_FIELD, "the answer has no list at " + at, () -> RecordJson.bytes(answer)));
    }

    private List<Part> elements(JsonNode list) {
        return list.valueStream().map(this::part).toList();
    }

    private Part part(JsonNode element) {
        if (!fields.areNamed() && element.isObject()) {
            Optional<Part> notice = JsonFormat.shapeOf(element)
                    .map(shape -> shape.parts(element).get(0))
                    .filter(Part.Notice.class::isInstance);
            if (notice.isPresent()) return notice.get();
        }
        return Part.of(element, () -> fields.of(element));
    }
}
