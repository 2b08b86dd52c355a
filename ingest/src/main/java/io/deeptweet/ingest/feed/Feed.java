// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;

/**
 * A named stream of tweets. Windows group tweets by feed.
 *
 * @param name see {@link TweetLimits#FEED_NAME_IN_WORDS}
 * @param languages languages of the tweets that pass
 * @param rule which of them belong to the feed
 */
public record Feed(String name, LanguageFilter languages, FeedRule rule) {
    /** @throws IllegalArgumentException if the name is not allowed */
    public Feed {
        if (!TweetLimits.isFeedName(name))
            throw new IllegalArgumentException(
                    "the feed's name is " + UntrustedText.quoted(name) + ": use " + TweetLimits.FEED_NAME_IN_WORDS);
    }

    /** A feed of all tweets of these languages. */
    public Feed(String name, LanguageFilter languages) {
        this(name, languages, FeedRule.ALL);
    }

    /** Whether a tweet of the feed's source passes. */
    boolean passes(SearchedTweet tweet) {
        return languages.passes(tweet.tweet().getLanguage()) && rule.matches(tweet);
    }
}
