// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/** Reads {@code tweets.scored}. */
public final class ScoredTweets {
    private ScoredTweets() {}

    /**
     * The latest scored tweets, each once. Invalid records are skipped.
     *
     * @param most how many records of each partition are read at most
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public static List<ScoredTweet> latest(Map<String, Object> kafka, SchemaIds ids, int most) {
        AvroDeserializer<ScoredTweet> decoder = new AvroDeserializer<>(ScoredTweet.class, ids);
        Map<String, ScoredTweet> latest = new LinkedHashMap<>(); // by id: a tweet that was replayed counts once
        CommittedReader.readLast(kafka, Topics.SCORED, most, record -> {
            if (record.value() == null) return;
            try {
                ScoredTweet tweet = decoder.deserialize(record.topic(), record.value());
                latest.put(tweet.getId(), tweet);
            } catch (SerializationException e) {
                // An invalid record must not hide the valid ones.
            }
        });
        return List.copyOf(latest.values());
    }
}
