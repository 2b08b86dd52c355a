// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

/**
 * The status of a feed, as {@code GET /feeds} shows it.
 *
 * @param source where its tweets come from, such as a file; {@code push} for {@code POST /tweets}
 * @param state {@code running}, {@code retrying} while its source or Kafka does not answer, {@code finished} or
 *     {@code failed}
 * @param read records read: the sum of the next three, and pushed ones that Kafka has not acknowledged yet
 * @param published tweets that Kafka has acknowledged
 * @param filtered tweets dropped because of their language, or by the feed's rule
 * @param rejected records on {@code tweets.rejected}
 * @param detail why the feed failed or is tried again; empty otherwise
 * @param resumedAfter what earlier starts had published of the source, such as {@code 1,200 records}; empty if nothing
 * @param lagSeconds of a live source: how long after the server it received what came last; null otherwise
 */
public record FeedStatus(
        String feed,
        String source,
        String state,
        long read,
        long published,
        long filtered,
        long rejected,
        String detail,
        String resumedAfter,
        Double lagSeconds) {}
