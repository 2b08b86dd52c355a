// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Tweet;

/**
 * Copies tweets with another field. Avro's builder is not used: it looks for the class of an enum by the class loader
 * of Avro, which is not that of the tweet everywhere.
 */
public final class TweetCopy {
    private TweetCopy() {}

    public static Tweet withId(Tweet tweet, String id) {
        return copy(tweet, id, tweet.getFeed());
    }

    public static Tweet withFeed(Tweet tweet, String feed) {
        return copy(tweet, tweet.getId(), feed);
    }

    private static Tweet copy(Tweet tweet, String id, String feed) {
        return new Tweet(
                id,
                tweet.getText(),
                feed,
                tweet.getLanguage().orElse(null),
                tweet.getAuthor().orElse(null),
                tweet.getCreatedAt(),
                tweet.getIngestedAt(),
                tweet.getKind());
    }
}
