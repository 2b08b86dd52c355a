// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole text of a post of X. What {@code text} shows may be cut short, and half a text may have another sentiment.
 * Long posts have theirs in {@code note_tweet}, statuses of the API v1.1 in {@code full_text}. The text of a repost is
 * cut at the length of a short post; its original holds all of it.
 *
 * @see <a href="https://docs.x.com/x-api/fundamentals/data-dictionary">X API v2, data dictionary</a>
 */
final class WholeText {
    /** What comes before the original's text in a repost. */
    private static final Pattern REPOSTED = Pattern.compile("RT @\\w{1,50}: ");

    private WholeText() {}

    /**
     * The text of a post; empty if it has none, or none that is text.
     *
     * @param root what holds {@code includes}, with the originals of reposts
     * @param post the post
     */
    static Optional<String> of(JsonNode root, JsonNode post) {
        Optional<String> shown = shown(post);
        Optional<String> original = original(root, post).flatMap(WholeText::shown);
        if (original.isEmpty()) return shown;
        Matcher reposted = REPOSTED.matcher(shown.orElse(""));
        return Optional.of((reposted.lookingAt() ? reposted.group() : "") + original.get());
    }

    private static Optional<JsonNode> original(JsonNode root, JsonNode post) {
        JsonNode status = post.path("retweeted_status");
        if (status.isObject()) return Optional.of(status);
        return both(post, "referenced_tweets", "referenced_posts")
                .filter(reference -> List.of("retweeted", "reposted")
                        .contains(reference.path("type").asText()))
                .map(reference -> reference.path("id").asText())
                .findFirst()
                .flatMap(id -> both(root.path("includes"), "tweets", "posts")
                        .filter(included -> included.path("id").asText().equals(id))
                        .findFirst());
    }

    /** The elements of two arrays: X renames its fields. */
    private static Stream<JsonNode> both(JsonNode object, String one, String other) {
        return Stream.concat(object.path(one).valueStream(), object.path(other).valueStream());
    }

    private static Optional<String> shown(JsonNode post) {
        return Stream.of(
                        post.path("note_tweet").path("text"),
                        post.path("note_post").path("text"),
                        post.path("extended_tweet").path("full_text"),
                        post.path("full_text"),
                        post.path("text"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue)
                .filter(text -> !text.isBlank())
                .findFirst();
    }
}
