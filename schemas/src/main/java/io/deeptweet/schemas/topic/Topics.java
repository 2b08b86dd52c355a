// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.CLEANUP_POLICY_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.RETENTION_MS_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.SEGMENT_BYTES_CONFIG;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * DeepTweet's topics: the only place with their names and settings.
 *
 * <p>Timestamps of records are append times, except for models, rounds and the audit. The time when a tweet was written
 * is in its value: if it were the record's timestamp, retention would delete a replay of last year's tweets at once.
 */
public final class Topics {
    /** Tweets as received: tweet id → {@link io.deeptweet.schemas.Tweet}. */
    public static final Topic RAW = stream("tweets.raw", "delete", Duration.ofDays(7));

    /** Scored tweets: tweet id → {@link io.deeptweet.schemas.ScoredTweet}, with as many partitions as {@link #RAW}. */
    public static final Topic SCORED = stream("tweets.scored", "delete", Duration.ofDays(7));

    /**
     * The same tweets scored by the shadow model, while there is one: keys, values and partitions as {@link #SCORED}.
     */
    public static final Topic SHADOW = stream("tweets.shadow", "delete", Duration.ofDays(7));

    /**
     * Invalid records: value as received, the {@link io.deeptweet.schemas.reject.Rejection} in headers. The key is as
     * received from Kafka, the feed's name if ingest rejected the record, or null for {@code POST /labels}.
     */
    public static final Topic REJECTED = stream("tweets.rejected", "delete", Duration.ofDays(30));

    /**
     * Tweets that their sources say were deleted: tweet id → {@link io.deeptweet.schemas.DeletedTweet}, in the
     * partition of the tweet.
     */
    public static final Topic DELETED = stream("tweets.deleted", "delete", Duration.ofDays(7));

    /** Labels, the trainer's samples: tweet id → {@link io.deeptweet.schemas.LabeledTweet}; a tombstone removes one. */
    public static final Topic LABELED = stream("tweets.labeled", "delete", Duration.ofDays(2 * 365));

    /**
     * Sentiment windows: feed, size and start → {@link io.deeptweet.schemas.SentimentWindow}; the last record of a key
     * is valid.
     */
    public static final Topic WINDOWS = stream("sentiment.windows", "compact,delete", Duration.ofDays(90));

    /**
     * Drift between feeds and the model's training data: feed, size and start →
     * {@link io.deeptweet.schemas.DriftWindow}; the last record of a key is valid.
     */
    public static final Topic DRIFT = stream("sentiment.drift", "compact,delete", Duration.ofDays(90));

    /** Alerts: rule and feed → {@link io.deeptweet.schemas.Alert}; each record says that one has fired or cleared. */
    public static final Topic ALERTS = stream("sentiment.alerts", "delete", Duration.ofDays(90));

    /**
     * When to alert: name → {@link io.deeptweet.schemas.AlertRule}; a tombstone removes one. One partition, so that all
     * classifiers read changes in one order.
     */
    public static final Topic ALERT_RULES =
            new Topic("sentiment.alert-rules", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    /** Models, see {@link io.deeptweet.schemas.published.ModelLog}. One partition, because records are ordered. */
    public static final Topic MODELS =
            new Topic("sentiment.models", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    /**
     * Results of the trainer's rounds: number → {@link io.deeptweet.schemas.TrainingRound}. One partition: the trainer
     * to which the group assigns it is the one that works.
     */
    public static final Topic ROUNDS =
            new Topic("sentiment.rounds", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    /**
     * Who changed which model scores, and why: version → {@link io.deeptweet.schemas.AuditRecord}. One partition,
     * because records are ordered. Nothing is deleted.
     */
    public static final Topic AUDIT = new Topic(
            "sentiment.audit", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "delete", RETENTION_MS_CONFIG, "-1"));

    /**
     * Positions of ingest's sources: feed and source → {@link io.deeptweet.schemas.SourcePosition}. One partition,
     * because the last record of a feed tells which process publishes it.
     */
    public static final Topic POSITIONS = new Topic(
            "tweets.positions",
            OptionalInt.of(1),
            Map.of(
                    CLEANUP_POLICY_CONFIG,
                    "compact",
                    // Each feed writes a record every second, and a start reads all that is not compacted.
                    SEGMENT_BYTES_CONFIG,
                    Integer.toString(4 << 20)));

    /**
     * Feeds that were defined or paused while ingest runs: name → {@link io.deeptweet.schemas.FeedDefinition}; a
     * tombstone removes one. One partition, so that all instances of ingest read changes in one order.
     */
    public static final Topic FEEDS =
            new Topic("tweets.feeds", OptionalInt.of(1), Map.of(CLEANUP_POLICY_CONFIG, "compact"));

    private Topics() {}

    /** All topics, in the order of the data flow. */
    public static List<Topic> all() {
        return List.of(
                RAW,
                SCORED,
                SHADOW,
                REJECTED,
                DELETED,
                LABELED,
                WINDOWS,
                DRIFT,
                ALERTS,
                ALERT_RULES,
                MODELS,
                ROUNDS,
                AUDIT,
                POSITIONS,
                FEEDS);
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
