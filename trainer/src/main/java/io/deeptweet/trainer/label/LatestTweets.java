// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;

/** The latest tweets that a model scored, read at most every two seconds, however many ask for them. Thread-safe. */
public final class LatestTweets {
    private static final long FRESH = Duration.ofSeconds(2).toNanos();

    private final Map<String, Object> kafka;
    private final SchemaIds ids;
    private final Topic topic;
    private final int most;
    private final long characters;
    private List<ScoredTweet> tweets = List.of();
    private long readAt = System.nanoTime() - FRESH;

    /**
     * @param kafka client settings: {@code bootstrap.servers}, security
     * @param topic {@code tweets.scored} or {@code tweets.shadow}
     * @param most how many records of each partition are read at most
     * @param characters how many characters of tweets are kept at most
     */
    public LatestTweets(Map<String, Object> kafka, SchemaIds ids, Topic topic, int most, long characters) {
        this.kafka = Map.copyOf(kafka);
        this.ids = ids;
        this.topic = topic;
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
            tweets = ScoredTweets.latest(kafka, ids, topic, most, characters);
            readAt = System.nanoTime();
        }
        return tweets;
    }
}
