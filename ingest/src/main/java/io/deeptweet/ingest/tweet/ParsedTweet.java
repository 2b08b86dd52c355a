// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;

/** What a record of a source turned out to be. */
public sealed interface ParsedTweet {
    /** A tweet. */
    record Accepted(Tweet tweet) implements ParsedTweet {}

    /**
     * No tweet.
     *
     * @param reason the kind of fault
     * @param detail the fault in a sentence
     */
    record Refused(Reason reason, String detail) implements ParsedTweet {}
}
