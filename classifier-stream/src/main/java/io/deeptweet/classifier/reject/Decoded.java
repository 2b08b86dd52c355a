// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.reject;

import io.deeptweet.classifier.score.PrescoringInterceptor.PrecomputedScore;
import io.deeptweet.schemas.Tweet;
import java.util.Optional;

/** What the bytes of {@code tweets.raw} turned out to be. */
public sealed interface Decoded {
    /**
     * A tweet.
     *
     * @param appendedAtMs when it was appended to {@code tweets.raw}
     * @param ahead its score, if it has one already
     */
    record Readable(Tweet tweet, long appendedAtMs, Optional<PrecomputedScore> ahead) implements Decoded {}

    /**
     * No tweet: what is wrong stands in the record's headers.
     *
     * @param bytes the value as it came; null if it came without one
     */
    record Unreadable(byte[] bytes) implements Decoded {}
}
