// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

/** How a record holds the fields of a tweet. Sources differ in this; the checks of {@link TweetParser} are the same. */
public interface TweetFormat {
    /**
     * Reads the fields of a record.
     *
     * @throws InvalidTweetException if the record does not have this format
     */
    TweetFields fields(byte[] record) throws InvalidTweetException;
}
