// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import java.util.Optional;
import java.util.stream.Stream;

/** A post that an activity creates. Other activities, such as boosts, have no text, and are skipped. */
final class ActivityPubPost {
    private ActivityPubPost() {}

    static Part part(JsonNode activity) {
        return switch (activity.path("type").asText()) {
            case "Create" -> FediversePost.part(activity, () -> fields(activity, activity.path("object")));
            case "Announce" -> new Part.Notice("announce");
            case "Delete" ->
                Part.Notice.ofDeletion(Values.firstText(
                        activity.path("object"), activity.path("object").path("id")));
            default -> new Part.Notice("activity");
        };
    }

    private static TweetFields fields(JsonNode activity, JsonNode post) throws InvalidTweetException {
        if (!post.isObject()) throw new InvalidTweetException(Reason.MALFORMED, "the post is not a JSON object");
        JsonNode texts = post.path("contentMap");
        Optional<String> language =
                texts.size() == 1 ? Optional.of(texts.fieldNames().next()) : Optional.empty();
        Optional<String> content =
                Values.text(post, "content").or(() -> Values.firstText(texts.path(language.orElse(""))));
        Optional<String> published = Values.identifier(post, "published");
        return new TweetFields(
                Values.firstIdentifier(post, "id", "url"),
                FediversePost.text(Values.text(post, "summary"), content),
                published.isPresent() ? published : Values.identifier(activity, "published"),
                language,
                Values.firstText(post.path("attributedTo"), activity.path("actor"))
                        .map(ActivityPubPost::name),
                kind(post));
    }

    /** {@code user@host} of an address such as {@code https://host/users/user}. */
    private static String name(String actor) {
        String user = actor.substring(actor.lastIndexOf('/') + 1).replaceFirst("^@", "");
        return FediversePost.host(actor).map(host -> user + "@" + host).orElse(actor);
    }

    private static TweetKind kind(JsonNode post) {
        boolean quotes = Stream.of("quote", "quoteUrl", "quoteUri", "_misskey_quote")
                .anyMatch(field -> Values.holds(post, field));
        if (quotes) return TweetKind.QUOTE;
        return Values.holds(post, "inReplyTo") ? TweetKind.REPLY : TweetKind.POST;
    }
}
