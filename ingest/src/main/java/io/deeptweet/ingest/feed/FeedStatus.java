// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

/**
 * The status of a feed, as {@code GET /feeds} shows it.
 *
 * @param source where its tweets come from, such as a file; {@code push} for {@code POST /tweets}
 * @param state {@code running}, {@code finished} or {@code failed}
 * @param read records read: the sum of the next three, and those that Kafka has not acknowledged yet
 * @param published tweets that Kafka has acknowledged
 * @param filtered tweets dropped because of their language
 * @param rejected records on {@code tweets.rejected}
 * @param detail why the feed failed; empty otherwise
 */
public record FeedStatus(
        String feed,
        String source,
        String state,
        long read,
        long published,
        long filtered,
        long rejected,
        String detail) {}
