// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.time.Instant;

/**
 * The status of a feed, as {@code GET /feeds} shows it.
 *
 * @param source where its tweets come from, such as a file; {@code push} for {@code POST /tweets}
 * @param track its rule; empty for all tweets
 * @param languages languages of the tweets that pass, such as {@code en,und}
 * @param state {@code running}, {@code retrying} while its source or Kafka does not answer, {@code paused},
 *     {@code finished} or {@code failed}
 * @param read records read: the sum of the next four, and pushed ones that Kafka has not acknowledged yet
 * @param published tweets that Kafka has acknowledged
 * @param filtered tweets dropped because of their language, or by the feed's rule
 * @param rejected records on {@code tweets.rejected}
 * @param skipped records that are no tweets but known, such as notices of deletions
 * @param reason kind of the interruption of a live source: {@code quiet}, {@code rate-limited}, {@code refused} or
 *     {@code disconnected}; empty otherwise
 * @param nextTry when an interrupted live source is tried again; null otherwise
 * @param detail why the feed failed or is tried again; empty otherwise
 * @param resumedAfter what earlier starts had published of the source, such as {@code 1,200 records}; empty if nothing
 * @param lagSeconds of a live source: how long after the server it received what came last; null otherwise
 */
public record FeedStatus(
        String feed,
        String source,
        String track,
        String languages,
        String state,
        long read,
        long published,
        long filtered,
        long rejected,
        long skipped,
        String reason,
        Instant nextTry,
        String detail,
        String resumedAfter,
        Double lagSeconds) {}
