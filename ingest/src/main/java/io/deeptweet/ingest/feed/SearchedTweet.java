// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.Tweet;
import java.util.Optional;

/** A tweet that the rules of several feeds are asked about. Its text is prepared once. Not thread-safe. */
final class SearchedTweet {
    private final Tweet tweet;
    private Optional<SearchText> text = Optional.empty();

    SearchedTweet(Tweet tweet) {
        this.tweet = tweet;
    }

    Tweet tweet() {
        return tweet;
    }

    SearchText text() {
        if (text.isEmpty()) text = Optional.of(SearchText.of(tweet.getText()));
        return text.get();
    }
}
