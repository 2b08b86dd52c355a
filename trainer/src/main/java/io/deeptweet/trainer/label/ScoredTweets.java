// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.CommittedReader;
import io.deeptweet.schemas.topic.Topic;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Reads the latest of {@code tweets.scored} or {@code tweets.shadow}. However large the tweets are, memory is bounded.
 */
public final class ScoredTweets {
    /** Characters of a text that are compared: more than a model reads. */
    private static final int COMPARED_TEXT = 2_000;

    private ScoredTweets() {}

    /**
     * The latest scored tweets, each once. Invalid records are skipped, and so are tweets that were deleted at their
     * source, and tweets with texts that are too long for a label.
     *
     * @param topic {@code tweets.scored} or {@code tweets.shadow}
     * @param most how many records of each partition are read at most
     * @param characters how many characters of tweets are kept at most; the latest remain
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public static List<ScoredTweet> latest(
            Map<String, Object> kafka, SchemaIds ids, Topic topic, int most, long characters) {
        Latest<ScoredTweet> latest = new Latest<>(characters);
        read(kafka, topic, ScoredTweet.class, ids, most, tweet -> {
            if (tweet.getText().length() <= TweetLimits.LONGEST_LABELED_TEXT)
                latest.add(tweet.getId(), tweet, characters(tweet)); // by id: a tweet that was replayed counts once
        });
        read(kafka, Topics.DELETED, DeletedTweet.class, ids, most, deletion -> latest.remove(deletion.getId()));
        return latest.all();
    }

    /**
     * The texts of the latest scored tweets, each once, long ones cut.
     *
     * @param most how many records of each partition are read at most
     * @param characters how many characters are kept at most; the latest remain
     * @throws KafkaException if the broker or the registry does not answer, or the topic does not exist
     */
    public static List<String> latestTexts(Map<String, Object> kafka, SchemaIds ids, int most, long characters) {
        Latest<String> latest = new Latest<>(characters);
        read(kafka, Topics.SCORED, ScoredTweet.class, ids, most, tweet -> {
            String text = tweet.getText();
            String compared = text.substring(0, Math.min(text.length(), COMPARED_TEXT));
            latest.add(compared, compared, compared.length());
        });
        return latest.all();
    }

    private static <T extends SpecificRecord> void read(
            Map<String, Object> kafka, Topic topic, Class<T> type, SchemaIds ids, int most, Consumer<T> each) {
        AvroDeserializer<T> decoder = new AvroDeserializer<>(type, ids);
        CommittedReader.readLast(kafka, topic, most, record -> {
            if (record.value() == null) return;
            try {
                each.accept(decoder.deserialize(record.topic(), record.value()));
            } catch (SerializationException e) {
                // An invalid record must not hide the valid ones.
            }
        });
    }

    private static int characters(ScoredTweet tweet) {
        return tweet.getText().length()
                + tweet.getId().length()
                + tweet.getFeed().length()
                + tweet.getAuthor().map(String::length).orElse(0);
    }

    /** The values that were added last, each key once, up to a number of characters. */
    private static final class Latest<T> {
        private record Entry<T>(T value, int characters) {}

        private final long most;
        private final Map<String, Entry<T>> entries = new LinkedHashMap<>();
        private long characters;

        Latest(long most) {
            this.most = most;
        }

        void add(String key, T value, int size) {
            remove(key);
            entries.put(key, new Entry<>(value, size));
            characters += size;
            while (characters > most) remove(entries.keySet().iterator().next());
        }

        private void remove(String key) {
            Entry<T> removed = entries.remove(key);
            if (removed != null) characters -= removed.characters();
        }

        List<T> all() {
            return entries.values().stream().map(Entry::value).toList();
        }
    }
}
