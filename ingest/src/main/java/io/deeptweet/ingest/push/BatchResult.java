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
 * @param skipped parts that are no tweets but known, such as notices of deletions
 * @param rejected the records on {@code tweets.rejected} by their position in the batch, from 0; a record that holds
 *     several tweets counts as several
 * @param shapes how many records had which shape
 */
public record BatchResult(
        long published,
        long filtered,
        long skipped,
        SortedMap<Integer, ParsedTweet.Invalid> rejected,
        SortedMap<String, Long> shapes) {
    public BatchResult {
        rejected = Collections.unmodifiableSortedMap(new TreeMap<>(rejected));
        shapes = Collections.unmodifiableSortedMap(new TreeMap<>(shapes));
    }
}
