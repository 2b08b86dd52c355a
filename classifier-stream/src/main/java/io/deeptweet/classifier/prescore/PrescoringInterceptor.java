// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.prescore;

import io.deeptweet.classifier.model.ActiveModel;
import io.deeptweet.classifier.prescore.PreparedTweet.Decoded;
import io.deeptweet.classifier.prescore.PreparedTweet.PrecomputedScore;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Decodes the tweets of each poll and scores them in batches, which is faster than one by one, before the topology
 * processes the first of them. This adds no latency: the tweets of one poll arrive together anyway.
 *
 * <p>The result is an optimisation only. It is attached to the record as a {@link PreparedTweet} header. Where the
 * header is missing, or its score comes from a model that is no longer active, the topology decodes and scores the
 * record itself. Only the topology rejects records.
 */
public final class PrescoringInterceptor implements ConsumerInterceptor<byte[], byte[]> {
    /** Consumer setting that holds the {@link Config}, because Kafka creates interceptors by reflection. */
    public static final String CONFIG = "deeptweet.prescoring";

    /**
     * How long the tweets of one poll may take: with a registry that answers slowly, this and the topology's own wait
     * for it must end long before {@code max.poll.interval.ms}, 5 minutes.
     */
    private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** The kernel gains nothing from larger batches. */
    private static final int BATCH = 16;

    /**
     * What the interceptor works with.
     *
     * @param model the scorers in use
     * @param ids the schema ids
     * @param explainedFeeds feeds whose tweets are decoded only, because the topology explains each of them
     */
    public record Config(ActiveModel model, SchemaIds ids, Set<String> explainedFeeds) {
        public Config {
            explainedFeeds = Set.copyOf(explainedFeeds);
        }
    }

    private Config config;
    private AvroDeserializer<Tweet> deserializer;

    @Override
    public void configure(Map<String, ?> configs) {
        config = (Config) configs.get(CONFIG);
        deserializer = new AvroDeserializer<>(Tweet.class, config.ids());
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>(BATCH);
        List<Tweet> tweets = new ArrayList<>(BATCH);
        long start = System.nanoTime();
        try {
            for (ConsumerRecord<byte[], byte[]> record : records.records(Topics.RAW.name())) {
                if (System.nanoTime() - start > TIME_LIMIT.toNanos()) break; // the topology decodes the rest itself
                Optional<Tweet> tweet = decode(record);
                if (tweet.isEmpty()) continue;
                if (config.explainedFeeds().contains(tweet.get().getFeed())) {
                    record.headers().add(new Decoded(tweet.get()));
                    continue;
                }
                batch.add(record);
                tweets.add(tweet.get());
                if (tweets.size() == BATCH) score(batch, tweets);
            }
            score(batch, tweets);
        } catch (KafkaException e) {
            // The registry does not answer. The topology meets the same error, and retries.
        }
        return records;
    }

    private Optional<Tweet> decode(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return Optional.empty();
        try {
            return Optional.of(deserializer.deserialize(record.topic(), record.value()));
        } catch (SerializationException e) { // the topology rejects it
            return Optional.empty();
        }
    }

    /** Scores a batch, attaches the scores to its records, and empties it. */
    private void score(List<ConsumerRecord<byte[], byte[]>> batch, List<Tweet> tweets) {
        if (tweets.isEmpty()) return;
        Scorer scorer = config.model().current();
        long start = System.nanoTime();
        try {
            List<Score> scores =
                    scorer.score(tweets.stream().map(Tweet::getText).toList());
            long nanosEach = (System.nanoTime() - start) / scores.size();
            for (int i = 0; i < scores.size(); i++)
                batch.get(i).headers().add(new PrecomputedScore(tweets.get(i), scorer, scores.get(i), nanosEach));
        } catch (RuntimeException e) {
            // One text may make the model fail. The topology scores one by one, and rejects that tweet alone.
            for (int i = 0; i < tweets.size(); i++) batch.get(i).headers().add(new Decoded(tweets.get(i)));
        }
        batch.clear();
        tweets.clear();
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
