// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;

/** The result of parsing a record. */
public sealed interface ParsedTweet {
    /** The record is a tweet that downstream services can process. */
    record Valid(Tweet tweet) implements ParsedTweet {}

    /**
     * The record is not a valid tweet.
     *
     * @param reason the kind of fault
     * @param detail the fault in a sentence
     */
    record Invalid(Reason reason, String detail) implements ParsedTweet {}

    /**
     * The record is no tweet, but known, such as a notice of a deletion.
     *
     * @param kind one of few, in lower case, such as {@code delete}
     */
    record Skipped(String kind) implements ParsedTweet {}
}
