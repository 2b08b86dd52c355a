// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
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
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Scores the tweets that a poll brought several at a time, which the kernel does sooner than one by one, before the
 * topology is handed the first of them. No tweet waits for another: those of a poll are there together.
 *
 * <p>Nothing depends on it. What was done of a record rides on it as a header that the topology takes off; where there
 * is none, or it is of a model that is active no more, the topology does the work itself, and it alone tells what is
 * wrong with a record.
 */
public final class PrescoringInterceptor implements ConsumerInterceptor<byte[], byte[]> {
    /** Setting that holds the {@link Means}; Kafka makes interceptors itself. */
    public static final String MEANS = "deeptweet.scoring.ahead";

    /** More at a time gain nothing. */
    private static final int PORTION = 16;

    /**
     * What it takes.
     *
     * @param ids the ids that schemas go by
     * @param explained feeds whose tweets are not scored but explained, each in its turn
     */
    public record Means(ActiveModel model, SchemaIds ids, Set<String> explained) {}

    /**
     * What was done of a record ahead of its turn.
     *
     * @param tweet that it holds
     * @param by whose score it is
     * @param nanos its share of the time that scoring took
     */
    public record PrecomputedScore(Tweet tweet, Scorer by, Score score, long nanos) implements Header {
        private static final String KEY = "deeptweet.ahead";

        /** Takes it off a record's headers; empty if nothing was done ahead. */
        public static Optional<PrecomputedScore> takeFrom(Headers headers) {
            if (!(headers.lastHeader(KEY) instanceof PrecomputedScore ahead)) return Optional.empty();
            headers.remove(KEY);
            return Optional.of(ahead);
        }

        @Override
        public String key() {
            return KEY;
        }

        /** None: it is not for others. Kafka Streams asks how long it is. */
        @Override
        public byte[] value() {
            return null;
        }
    }

    private Means means;
    private AvroDeserializer<Tweet> deserializer;

    @Override
    public void configure(Map<String, ?> configs) {
        means = (Means) configs.get(MEANS);
        deserializer = new AvroDeserializer<>(Tweet.class, means.ids);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        List<ConsumerRecord<byte[], byte[]>> portion = new ArrayList<>(PORTION);
        List<Tweet> tweets = new ArrayList<>(PORTION);
        try {
            for (ConsumerRecord<byte[], byte[]> record : records.records(Topics.RAW.name())) {
                Optional<Tweet> tweet = tweet(record);
                if (tweet.isEmpty()) continue;
                portion.add(record);
                tweets.add(tweet.get());
                if (tweets.size() == PORTION) score(portion, tweets);
            }
            score(portion, tweets);
        } catch (KafkaException e) {
            // The registry does not answer: the topology will find that too, and wait.
        }
        return records;
    }

    private Optional<Tweet> tweet(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) return Optional.empty();
        try {
            return Optional.of(deserializer.deserialize(record.topic(), record.value()))
                    .filter(tweet -> !means.explained.contains(tweet.getFeed()));
        } catch (SerializationException e) {
            return Optional.empty();
        }
    }

    private void score(List<ConsumerRecord<byte[], byte[]>> portion, List<Tweet> tweets) {
        if (tweets.isEmpty()) return;
        Scorer scorer = means.model.current();
        long start = System.nanoTime();
        List<Score> scores = scorer.score(tweets.stream().map(Tweet::getText).toList());
        long each = (System.nanoTime() - start) / scores.size();
        for (int i = 0; i < scores.size(); i++)
            portion.get(i).headers().add(new PrecomputedScore(tweets.get(i), scorer, scores.get(i), each));
        portion.clear();
        tweets.clear();
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
}
