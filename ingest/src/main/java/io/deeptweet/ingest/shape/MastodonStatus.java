// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import com.fasterxml.jackson.databind.JsonNode;
import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A status of Mastodon's API. Its id is its {@code uri}, which is the same on all instances. A boost is its original,
 * as a repost.
 *
 * @see <a href="https://docs.joinmastodon.org/entities/Status/">Mastodon, Status</a>
 */
final class MastodonStatus {
    private MastodonStatus() {}

    /**
     * The fields of a status; without text if it has none.
     *
     * @throws InvalidTweetException if a field has another type
     */
    static TweetFields fields(JsonNode status) throws InvalidTweetException {
        JsonNode boosted = status.path("reblog");
        return boosted.isObject() ? fields(boosted, TweetKind.RETWEET) : fields(status, kind(status));
    }

    private static TweetFields fields(JsonNode status, TweetKind kind) throws InvalidTweetException {
        return new TweetFields(
                        Values.firstIdentifier(status, "uri", "url", "id"),
                        FediversePost.text(Values.text(status, "spoiler_text"), Values.text(status, "content")),
                        Values.identifier(status, "created_at"),
                        Values.text(status, "language"),
                        author(status),
                        kind)
                .withClaimedLanguage();
    }

    /** {@code user@host}; the API leaves out the host of its own users. */
    private static Optional<String> author(JsonNode status) {
        JsonNode account = status.path("account");
        return Values.firstText(account.path("acct"), account.path("username")).map(name -> {
            if (name.contains("@")) return name;
            return Stream.of(account.path("url"), account.path("uri"), status.path("uri"), status.path("url"))
                    .flatMap(address -> FediversePost.host(address.asText()).stream())
                    .findFirst()
                    .map(host -> name + "@" + host)
                    .orElse(name);
        });
    }

    private static TweetKind kind(JsonNode status) {
        boolean quotes = Stream.of("quote", "quoted_status", "quote_id").anyMatch(field -> Values.holds(status, field));
        if (quotes) return TweetKind.QUOTE;
        boolean replies =
                Stream.of("in_reply_to_id", "in_reply_to_account_id").anyMatch(field -> Values.holds(status, field));
        return replies ? TweetKind.REPLY : TweetKind.POST;
    }
}
