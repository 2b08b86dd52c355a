// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The topics of DeepTweet: the one place that knows their names and settings.
 *
 * <p>Those that carry tweets stamp records with the time of their appending. The time a tweet was written is in its
 * value; were it the record's, retention would delete a replay of last year's tweets as soon as it had been written.
 */
public final class Topics {
    /** Tweets as they came: tweet id → {@link io.deeptweet.schemas.Tweet}. */
    public static final Topic RAW = stream("tweets.raw", "delete", Duration.ofDays(7));

    /**
     * Tweets with their sentiment: tweet id → {@link io.deeptweet.schemas.ScoredTweet}, partitioned like {@link #RAW}.
     */
    public static final Topic SCORED = stream("tweets.scored", "delete", Duration.ofDays(7));

    /**
     * The same tweets as a shadow model scores them, while there is one: as {@link #SCORED}, by the shadow's version.
     */
    public static final Topic SHADOW = stream("tweets.shadow", "delete", Duration.ofDays(7));

    /**
     * What could not be read: key and value as they came, the {@link io.deeptweet.schemas.reject.Rejection} in headers.
     */
    public static final Topic REJECTED = stream("tweets.rejected", "delete", Duration.ofDays(30));

    /** What the trainer learns from: tweet id → {@link io.deeptweet.schemas.LabeledTweet}. */
    public static final Topic LABELED = stream("tweets.labeled", "delete", Duration.ofDays(2 * 365));

    /**
     * What feeds feel: feed, size and start → {@link io.deeptweet.schemas.SentimentWindow}; the last record of a key
     * counts.
     */
    public static final Topic WINDOWS = stream("sentiment.windows", "compact,delete", Duration.ofDays(90));

    /**
     * How far feeds are from what the model knows: feed, size and start → {@link io.deeptweet.schemas.DriftWindow}; the
     * last record of a key counts.
     */
    public static final Topic DRIFT = stream("sentiment.drift", "compact,delete", Duration.ofDays(90));

    /** Models: see {@link io.deeptweet.schemas.published.ModelLog}. One partition, for its records are ordered. */
    public static final Topic MODELS =
            new Topic("sentiment.models", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    /**
     * What the trainer's rounds gave: number → {@link io.deeptweet.schemas.TrainingRound}. A topic of its own, for who
     * follows models need not read them. One partition: the trainer that the group assigns it to is the one that works.
     */
    public static final Topic ROUNDS =
            new Topic("sentiment.rounds", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    private Topics() {}

    /** All of them, in the order of the data's way. */
    public static List<Topic> all() {
        return List.of(RAW, SCORED, SHADOW, REJECTED, LABELED, WINDOWS, DRIFT, MODELS, ROUNDS);
    }

    private static Topic stream(String name, String cleanup, Duration retention) {
        return new Topic(
                name,
                OptionalInt.empty(),
                Map.of(
                        CLEANUP_POLICY_CONFIG,
                        cleanup,
                        RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()),
                        MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        "LogAppendTime"));
    }
}
