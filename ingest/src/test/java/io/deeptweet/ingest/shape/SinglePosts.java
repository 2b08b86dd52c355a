// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.ingest.tweet.ParsedTweet;
import io.deeptweet.ingest.tweet.TweetParser;
import java.time.Clock;
import java.util.Optional;

/** Parses JSON records that hold one post each. */
public final class SinglePosts {
    private final RecordParser parser;

    public SinglePosts(String feed, Clock clock) {
        this(feed, false, clock);
    }

    public SinglePosts(String feed, boolean datedNow, Clock clock) {
        parser = new RecordParser(new JsonFormat(), new TweetParser(feed, datedNow, LanguageDetector.NONE, clock));
    }

    public ParsedTweet parse(byte[] record) {
        return parser.parse(record).parts().get(0).tweet();
    }

    public ParsedTweet parse(byte[] record, String defaultId) {
        return parser.parse(record, Optional.of(defaultId)).parts().get(0).tweet();
    }
}
