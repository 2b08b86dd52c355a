// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.Optional;

/**
 * A post of Bluesky: a record of the collection {@value #COLLECTION}.
 *
 * @see <a href="https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json">its lexicon</a>
 */
public final class BlueskyPost {
    /** The collection of posts. */
    public static final String COLLECTION = "app.bsky.feed.post";

    private BlueskyPost() {}

    /**
     * The fields of a post. Its language is the first that it names, which people set.
     *
     * @param uri its address, {@code at://did/collection/rkey}; empty if it is not known
     * @param author a handle or a DID
     * @param record the post
     * @param createdAt when it was written
     * @throws InvalidTweetException if the record is not an object, or a field has another type
     */
    public static TweetFields fields(
            Optional<String> uri, Optional<String> author, JsonNode record, Optional<String> createdAt)
            throws InvalidTweetException {
        if (!record.isObject())
            throw new InvalidTweetException(Reason.INVALID_FIELD, "the post's record is not an object");
        return new TweetFields(
                        uri,
                        Values.text(record, "text"),
                        createdAt,
                        Values.firstText(record.path("langs").path(0)),
                        author,
                        kind(record))
                .withClaimedLanguage();
    }

    /** Whether a post shows only pictures, for example. */
    public static boolean isWithoutText(JsonNode record) {
        return record.isObject() && record.path("text").asText().isBlank();
    }

    private static TweetKind kind(JsonNode record) {
        String embedded = record.path("embed").path("$type").asText();
        if (embedded.startsWith("app.bsky.embed.record")) return TweetKind.QUOTE; // also recordWithMedia
        return record.path("reply").isObject() ? TweetKind.REPLY : TweetKind.POST;
    }

    /** The parts of a post as the API's answers hold it: with its address, its author and its record. */
    static List<Part> viewed(JsonNode view, JsonNode post, boolean reposted) {
        if (isWithoutText(post.path("record"))) return List.of(new Part.Notice("without_text"));
        return List.of(Part.of(view, () -> {
            JsonNode record = post.path("record");
            Optional<String> created = Values.text(record, "createdAt");
            TweetFields fields = fields(
                    Values.text(post, "uri"),
                    Values.text(post.path("author"), "handle")
                            .or(() -> Optional.ofNullable(
                                    post.path("author").path("did").textValue())),
                    record,
                    created.isPresent() ? created : Values.text(post, "indexedAt"));
            return reposted ? fields.withKind(TweetKind.RETWEET) : fields;
        }));
    }
}
