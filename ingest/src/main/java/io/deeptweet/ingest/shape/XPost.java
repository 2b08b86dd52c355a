// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A post of X, from its API v2 or v1.1.
 *
 * <p>Its text is the whole one. What {@code text} shows may be cut short, and half a text may have another sentiment.
 * Long posts have theirs in {@code note_tweet}, statuses of the API v1.1 in {@code full_text}. The text of a repost is
 * cut at the length of a short post; its original holds all of it.
 *
 * @see <a href="https://docs.x.com/x-api/fundamentals/data-dictionary">X API v2, data dictionary</a>
 */
public final class XPost {
    /** What comes before the original's text in a repost. */
    private static final Pattern REPOSTED = Pattern.compile("RT @\\w{1,50}: ");

    private static final Set<String> REPOSTS = Set.of("retweeted", "reposted");

    private XPost() {}

    /**
     * The fields of a post.
     *
     * @param root what holds {@code includes}, with the originals of reposts and the authors
     * @param post the post
     * @throws InvalidTweetException if the post is not an object, or a field has another type
     */
    public static TweetFields fields(JsonNode root, JsonNode post) throws InvalidTweetException {
        return fields(new XIncludes(root), post);
    }

    /** Many tools write posts of X with other names for date, language or author: the usual ones fill in. */
    static TweetFields fields(XIncludes includes, JsonNode post) throws InvalidTweetException {
        if (!post.isObject()) throw new InvalidTweetException(Reason.MALFORMED, "the post is not a JSON object");
        Optional<String> visible = Values.text(post, "text"); // checked even if there is a longer one
        Optional<String> text = whole(shown(post), original(includes, post).flatMap(XPost::shown));
        return JsonFields.USUAL.fill(
                post,
                new TweetFields(
                        Values.firstIdentifier(post, "id_str", "id"),
                        text.or(() -> visible),
                        Values.date(post, "created_at"),
                        Values.text(post, "lang"),
                        author(includes, post),
                        kind(post, text.orElse(""))));
    }

    /** A post, or the notice {@code without_text} if it has only media. */
    static Part part(XIncludes includes, JsonNode whole, JsonNode post) {
        boolean hasMedia = Values.holds(post, "attachments")
                || Values.holds(post.path("entities"), "media")
                || Values.holds(post, "extended_entities");
        return hasMedia && shown(post).isEmpty()
                ? new Part.Notice("without_text")
                : Part.of(whole, () -> fields(includes, post));
    }

    /** The user name that belongs to {@code author_id}, or else that id; v1.1 holds the user itself. */
    private static Optional<String> author(XIncludes includes, JsonNode post) throws InvalidTweetException {
        for (String field : List.of("user", "author")) {
            JsonNode user = post.path(field);
            Optional<String> name =
                    Values.firstText(user.path("screen_name"), user.path("username"), user.path("userName"));
            if (name.isPresent()) return name;
        }
        Optional<String> id = Values.identifier(post, "author_id");
        if (id.isEmpty()) return post.path("author").isObject() ? Optional.empty() : Values.text(post, "author");
        Optional<JsonNode> user = includes.user(id.get());
        return user.isEmpty() ? id : Values.text(user.get(), "username").or(() -> id);
    }

    /**
     * The whole text of a repost.
     *
     * @param shown its own text, which may be cut
     * @param original that of the reposted post; empty if it is not known, or there is none
     */
    static Optional<String> whole(Optional<String> shown, Optional<String> original) {
        if (original.isEmpty()) return shown;
        Matcher reposted = REPOSTED.matcher(shown.orElse(""));
        return Optional.of((reposted.lookingAt() ? reposted.group() : "") + original.get());
    }

    private static Optional<JsonNode> original(XIncludes includes, JsonNode post) {
        JsonNode status = post.path("retweeted_status");
        if (status.isObject()) return Optional.of(status);
        Optional<JsonNode> reference = references(post)
                .filter(one -> REPOSTS.contains(one.path("type").asText()))
                .findFirst();
        if (reference.filter(one -> one.has("text")).isPresent()) return reference; // as twarc flattens pages
        return reference.flatMap(one -> includes.post(one.path("id").asText()));
    }

    private static TweetKind kind(JsonNode post, String text) {
        List<String> types =
                references(post).map(one -> one.path("type").asText()).toList();
        boolean reposts = Values.holds(post, "isRetweet")
                || Values.holds(post, "retweeted_status")
                || types.stream().anyMatch(REPOSTS::contains)
                || isRepost(text);
        boolean quotes = types.contains("quoted")
                || Values.holds(post, "quoted_status")
                || Values.holds(post, "is_quote_status")
                || Values.holds(post, "isQuote");
        boolean replies = types.contains("replied_to")
                || Stream.of("in_reply_to_status_id", "in_reply_to_status_id_str", "in_reply_to_user_id", "isReply")
                        .anyMatch(field -> Values.holds(post, field));
        return kind(reposts, quotes, replies);
    }

    /** A post that does several of these is of the first kind. */
    static TweetKind kind(boolean reposts, boolean quotes, boolean replies) {
        if (reposts) return TweetKind.RETWEET;
        if (quotes) return TweetKind.QUOTE;
        return replies ? TweetKind.REPLY : TweetKind.POST;
    }

    /** Whether a text begins as those of reposts do. */
    static boolean isRepost(String text) {
        return REPOSTED.matcher(text).lookingAt();
    }

    private static Stream<JsonNode> references(JsonNode post) {
        return both(post, "referenced_tweets", "referenced_posts");
    }

    /** The elements of two arrays: X renames its fields. */
    private static Stream<JsonNode> both(JsonNode object, String one, String other) {
        return Stream.concat(object.path(one).valueStream(), object.path(other).valueStream());
    }

    private static Optional<String> shown(JsonNode post) {
        return Values.firstText(
                post.path("note_tweet").path("text"),
                post.path("note_post").path("text"),
                post.path("extended_tweet").path("full_text"),
                post.path("full_text"),
                post.path("fullText"),
                post.path("text"));
    }
}
