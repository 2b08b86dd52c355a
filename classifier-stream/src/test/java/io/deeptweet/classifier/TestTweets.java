// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.TweetKind;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Tweets of the feed {@code election}, of 15 August 2024, noon to half past. */
final class TestTweets {
    static final Instant NOON = Instant.parse("2024-08-15T12:00:00Z");

    private TestTweets() {}

    /** Tweets with the ids {@code <prefix><number>} from a number to before another, a second apart. */
    static List<Tweet> tweets(String prefix, int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> tweet(prefix + number, NOON.plusSeconds(number % 1800)))
                .toList();
    }

    static Tweet tweet(String id, Instant createdAt) {
        return new Tweet(
                id,
                "I love this",
                "election",
                "en",
                null,
                createdAt,
                Instant.parse("2026-01-01T00:00:00Z"),
                TweetKind.POST);
    }

    /** The number of an id that {@link #tweets} has made. */
    static int number(String prefix, String id) {
        return Integer.parseInt(id.substring(prefix.length()));
    }
}
