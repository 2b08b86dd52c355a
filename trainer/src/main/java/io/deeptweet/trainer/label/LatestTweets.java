// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.SchemaIds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** The latest scored tweets, read at most every two seconds, however many ask for them. Thread-safe. */
public final class LatestTweets {
    private static final long FRESH = Duration.ofSeconds(2).toNanos();

    private final Map<String, Object> kafka;
    private final SchemaIds ids;
    private final int most;
    private final long characters;
    private List<ScoredTweet> tweets = List.of();
    private long readAt = System.nanoTime() - FRESH;

    /**
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @param most how many records of each partition are read at most
     * @param characters how many characters of tweets are kept at most
     */
    public LatestTweets(Map<String, Object> kafka, SchemaIds ids, int most, long characters) {
        this.kafka = Map.copyOf(kafka);
        this.ids = ids;
        this.most = most;
        this.characters = characters;
    }

    /**
     * The tweets, each once.
     *
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public synchronized List<ScoredTweet> get() {
        if (System.nanoTime() - readAt >= FRESH) {
            tweets = List.of(); // never two lists in memory at once
            tweets = ScoredTweets.latest(kafka, ids, most, characters);
            readAt = System.nanoTime();
        }
        return tweets;
    }
}
