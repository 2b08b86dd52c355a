// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.util.Optional;

/** The result of parsing a record. */
public sealed interface ParsedTweet {
    /**
     * The record is a tweet that downstream services can process.
     *
     * @param label the sentiment according to the source; empty if it says none, or the trainer would refuse it
     */
    record Valid(Tweet tweet, Optional<Sentiment> label) implements ParsedTweet {
        /** A tweet without a label. */
        public Valid(Tweet tweet) {
            this(tweet, Optional.empty());
        }
    }

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
     * @param deleted id of the tweet that was deleted, if that is what the record says
     */
    record Skipped(String kind, Optional<String> deleted) implements ParsedTweet {
        /** An id that no tweet can have is left out; blanks around it are, as around those of tweets. */
        public Skipped {
            deleted = deleted.map(String::strip).filter(id -> !id.isBlank() && id.length() <= TweetLimits.LONGEST_NAME);
        }

        /** A record that tells of no deletion. */
        public Skipped(String kind) {
            this(kind, Optional.empty());
        }

        /** The deletion of the tweet with this id. */
        public static Skipped ofDeletion(String id) {
            return new Skipped("delete", Optional.of(id));
        }
    }
}
