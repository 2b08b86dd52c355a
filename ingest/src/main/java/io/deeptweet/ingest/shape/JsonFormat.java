// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.RecordJson;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A record is a JSON object. Its {@link Shape} is told by its content. */
public final class JsonFormat implements RecordFormat {
    /** In this order: what an earlier one matches is not asked of a later one. */
    private static final List<Shape> SHAPES = Stream.<Shape[]>of(
                    MastodonShape.values(), ActivityPubShape.values(), XApiShape.values())
            .flatMap(Stream::of)
            .toList();

    /** The shape of an object; empty if it is none that is known. */
    public static Optional<Shape> shapeOf(JsonNode object) {
        return SHAPES.stream().filter(shape -> shape.matches(object)).findFirst();
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
        return shapeOf(object)
                .map(shape -> new Content(shape.label(), shape.parts(object)))
                .orElseGet(() ->
                        new Content(Content.UNKNOWN, List.of(Part.of(object, () -> XPost.fields(object, object)))));
    }
}
