// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.Optional;

/**
 * A JSON object as the X API v2 sends it in its filtered stream, {@code {"data": {"id", "text", "created_at", "lang",
 * "author_id"}, "includes": {"users": [{"id", "username"}]}}}, or only the object in {@code data}, which may have an
 * {@code author} too. The text is the {@linkplain WholeText whole} one.
 *
 * @see <a href="https://docs.x.com/x-api/posts/filtered-stream/introduction">X API v2, filtered stream</a>
 */
public final class XApiFormat implements TweetFormat {
    @Override
    public TweetFields fields(byte[] record) throws InvalidTweetException {
        JsonNode root = RecordJson.object(record);
        JsonNode data = root.path("data");
        if (!data.isMissingNode() && !data.isObject())
            throw new InvalidTweetException(Reason.INVALID_FIELD, "data is not an object");
        JsonNode tweet = data.isObject() ? data : root;
        Optional<String> visible = text(tweet, "text"); // checked even if there is a longer one
        return new TweetFields(
                identifier(tweet, "id"),
                WholeText.of(root, tweet).or(() -> visible),
                identifier(tweet, "created_at"),
                text(tweet, "lang"),
                author(root, tweet));
    }

    /** The user name that belongs to {@code author_id}, or else that id, or else {@code author}. */
    private static Optional<String> author(JsonNode root, JsonNode tweet) throws InvalidTweetException {
        Optional<String> id = identifier(tweet, "author_id");
        if (id.isEmpty()) return text(tweet, "author");
        for (JsonNode user : root.path("includes").path("users"))
            if (identifier(user, "id").equals(id)) return text(user, "username").or(() -> id);
        return id;
    }

    /** Text; empty if the field is null or missing. */
    private static Optional<String> text(JsonNode object, String field) throws InvalidTweetException {
        JsonNode value = object.path(field);
        if (value.isMissingNode() || value.isNull()) return Optional.empty();
        if (value.isTextual()) return Optional.of(value.textValue());
        throw new InvalidTweetException(Reason.INVALID_FIELD, field + " is neither text nor null");
    }

    /** An id or a date, which is text or an integer; empty as in {@link #text}. */
    private static Optional<String> identifier(JsonNode object, String field) throws InvalidTweetException {
        JsonNode value = object.path(field);
        if (value.isIntegralNumber()) return Optional.of(value.asText());
        if (value.isTextual() || value.isMissingNode() || value.isNull()) return text(object, field);
        throw new InvalidTweetException(Reason.INVALID_FIELD, field + " is neither text nor an integer");
    }
}
