// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.http;

import io.deeptweet.ingest.push.BatchResult;
import io.deeptweet.service.http.RejectedRecord;
import java.util.List;
import java.util.Map;

/**
 * The answer to a request that pushed tweets.
 *
 * @param published tweets on {@code tweets.raw}
 * @param filtered tweets dropped because of their language
 * @param skipped parts that are no tweets but known, such as notices of deletions
 * @param shapes how many records had which shape, such as {@code x-api-v2-page}
 * @param rejected the records on {@code tweets.rejected}
 */
public record PushAnswer(
        String feed,
        long published,
        long filtered,
        long skipped,
        Map<String, Long> shapes,
        List<RejectedRecord> rejected) {
    static PushAnswer of(String feed, BatchResult result) {
        List<RejectedRecord> rejected = result.rejected().entrySet().stream()
                .map(entry -> new RejectedRecord(
                        entry.getKey(),
                        entry.getValue().reason(),
                        entry.getValue().detail()))
                .toList();
        return new PushAnswer(feed, result.published(), result.filtered(), result.skipped(), result.shapes(), rejected);
    }
}
