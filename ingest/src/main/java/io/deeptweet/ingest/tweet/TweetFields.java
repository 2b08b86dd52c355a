// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.util.Optional;

/**
 * A tweet's fields as a source writes them, before they are checked.
 *
 * @param createdAt a date in one of the formats that {@link TweetParser} reads
 */
public record TweetFields(
        Optional<String> id,
        Optional<String> text,
        Optional<String> createdAt,
        Optional<String> language,
        Optional<String> author) {}
