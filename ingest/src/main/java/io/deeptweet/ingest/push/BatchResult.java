// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.push;

import io.deeptweet.ingest.tweet.ParsedTweet;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The outcomes of a batch.
 *
 * @param published tweets on {@code tweets.raw}
 * @param filtered tweets dropped because of their language
 * @param rejected the records on {@code tweets.rejected} by their position in the batch, from 0
 */
public record BatchResult(long published, long filtered, SortedMap<Integer, ParsedTweet.Invalid> rejected) {
    public BatchResult {
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
    }
}
