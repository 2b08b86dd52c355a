// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.prescore;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.Tweet;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What {@link PrescoringInterceptor} has done with a record before the topology processes it. It travels as a header
 * object inside this JVM only; the topology removes it before it writes the record anywhere.
 */
public sealed interface PreparedTweet extends Header {
    /** Key of the header. */
    String KEY = "deeptweet.prepared";

    /** Returns the decoded tweet. */
    Tweet tweet();

    /** A tweet that is decoded but not scored: its feed needs an explanation, which is computed tweet by tweet. */
    record Decoded(Tweet tweet) implements PreparedTweet {}

    /**
     * A tweet with a score that was computed together with those of other tweets.
     *
     * @param scorer the scorer that computed it, to be compared with the active one
     * @param nanos this tweet's share of the scoring time, in nanoseconds
     */
    record PrecomputedScore(Tweet tweet, Scorer scorer, Score score, long nanos) implements PreparedTweet {}

    /** Removes the header from a record and returns it; empty if the record has none. */
    static Optional<PreparedTweet> takeFrom(Headers headers) {
        if (!(headers.lastHeader(KEY) instanceof PreparedTweet prepared)) return Optional.empty();
        headers.remove(KEY);
        return Optional.of(prepared);
    }

    @Override
    default String key() {
        return KEY;
    }

    /** Returns null: the header has no bytes, because it never leaves this JVM. Kafka Streams asks for its length. */
    @Override
    default byte[] value() {
        return null;
    }
}
