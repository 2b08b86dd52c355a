// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;

/**
 * A named stream of tweets. Windows group tweets by feed.
 *
 * @param name see {@link TweetLimits#FEED_NAME_IN_WORDS}
 * @param languages which tweets pass
 */
public record Feed(String name, LanguageFilter languages) {
    /** @throws IllegalArgumentException if the name is not allowed */
    public Feed {
        if (!TweetLimits.isFeedName(name))
            throw new IllegalArgumentException(
                    "the feed's name is " + UntrustedText.quoted(name) + ": use " + TweetLimits.FEED_NAME_IN_WORDS);
    }
}
