// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.serde.AvroDeserializer;
import io.deeptweet.schemas.serde.SchemaIds;
import io.deeptweet.schemas.topic.Topics;
import io.deeptweet.trainer.publish.Committed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Finds the tweets whose labels would teach the model most: those of which it is least sure (Lewis and Gale, A
 * Sequential Algorithm for Training Text Classifiers, 1994), of near-duplicates only one.
 */
public final class LabelCandidates {
    /** Texts that share so much of their runs of {@value #RUN} characters say the same. */
    private static final double ALIKE = 0.6;

    private static final int RUN = 4;

    private LabelCandidates() {}

    /**
     * The last scored tweets.
     *
     * @param most of each partition
     * @throws org.apache.kafka.common.KafkaException if the broker or the registry does not answer, or the topic does
     *     not exist
     */
    public static Collection<ScoredTweet> scored(Map<String, Object> kafka, SchemaIds ids, int most) {
        AvroDeserializer<ScoredTweet> decoder = new AvroDeserializer<>(ScoredTweet.class, ids);
        Map<String, ScoredTweet> last = new LinkedHashMap<>(); // a tweet that was replayed counts once
        Committed.read(kafka, Topics.SCORED, most, record -> {
            if (record.value() == null) return;
            try {
                ScoredTweet tweet = decoder.deserialize(record.topic(), record.value());
                last.put(tweet.getId(), tweet);
            } catch (SerializationException e) {
                // A stranger's record is no reason not to see the others.
            }
        });
        return last.values();
    }

    /**
     * Those most worth labelling, the most wanted first.
     *
     * @param labelled says of which ids a label is known
     * @param most how many
     */
    public static List<ScoredTweet> of(
            Collection<ScoredTweet> scored, Predicate<String> labelled, Optional<String> feed, int most) {
        List<ScoredTweet> candidates = scored.stream()
                .filter(tweet -> feed.isEmpty() || feed.get().equals(tweet.getFeed()))
                .filter(tweet -> !labelled.test(tweet.getId()) && !labelled.test(Label.idOf(tweet.getText())))
                .sorted(Comparator.<ScoredTweet>comparingDouble(tweet -> Math.abs(tweet.getProbability() - 0.5))
                        .thenComparing(ScoredTweet::getId))
                .toList();
        List<ScoredTweet> wanted = new ArrayList<>();
        List<Set<String>> chosen = new ArrayList<>();
        for (ScoredTweet tweet : candidates) {
            if (wanted.size() == most) break;
            Set<String> runs = runs(tweet.getText());
            if (chosen.stream().anyMatch(other -> resemblance(runs, other) >= ALIKE)) continue;
            wanted.add(tweet);
            chosen.add(runs);
        }
        return wanted;
    }

    /** Every run of characters, without regard to case, white space, and the prefix of a retweet. */
    private static Set<String> runs(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceFirst("^rt @\\w+:", "")
                .replaceAll("https?://\\S+", "")
                .replaceAll("\\s+", " ")
                .strip();
        Set<String> runs = new HashSet<>();
        for (int i = 0; i == 0 || i + RUN <= plain.length(); i++)
            runs.add(plain.substring(i, Math.min(plain.length(), i + RUN)));
        return runs;
    }

    /** Jaccard's coefficient (Broder, On the Resemblance and Containment of Documents, 1997). */
    private static double resemblance(Set<String> one, Set<String> other) {
        long common = one.stream().filter(other::contains).count();
        return (double) common / (one.size() + other.size() - common);
    }
}
