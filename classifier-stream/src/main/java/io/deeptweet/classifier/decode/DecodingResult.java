// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.decode;

import io.deeptweet.classifier.prescore.PreparedTweet;
import io.deeptweet.schemas.Tweet;
import java.util.Optional;

/** The result of decoding a record of {@code tweets.raw}. */
public sealed interface DecodingResult {
    /**
     * A valid tweet.
     *
     * @param appendedAtMs when the record was appended to {@code tweets.raw}, in ms since 1970
     * @param prepared what the interceptor has done with the tweet; empty if nothing
     * @param bytes the value as received
     */
    record DecodedTweet(Tweet tweet, long appendedAtMs, Optional<PreparedTweet> prepared, byte[] bytes)
            implements DecodingResult {}

    /**
     * An invalid record; the reason is in the record's headers.
     *
     * @param bytes the value as received, cut to a limit; null if the record has none
     */
    record InvalidRecord(byte[] bytes) implements DecodingResult {}
}
