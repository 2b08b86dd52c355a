// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Selects the tweets that are most worth labelling by uncertainty sampling: those whose probability is closest to 0.5
 * (Lewis and Gale, A Sequential Algorithm for Training Text Classifiers, 1994), without near-duplicates.
 */
public final class LabelCandidates {
    /** From this Jaccard similarity of their character n-grams on, two texts are near-duplicates. */
    private static final double NEAR_DUPLICATE = 0.6;

    private static final int NGRAM_LENGTH = 4;

    private LabelCandidates() {}

    /**
     * The tweets most worth labelling, the least certain first.
     *
     * @param hasLabel whether the tweet of an id is labelled
     * @param feed select tweets of this feed only; empty for all feeds
     * @param most how many at most
     */
    public static List<ScoredTweet> of(
            Collection<ScoredTweet> scored, Predicate<String> hasLabel, Optional<String> feed, int most) {
        List<ScoredTweet> leastCertainFirst = scored.stream()
                .filter(tweet -> feed.isEmpty() || feed.get().equals(tweet.getFeed()))
                .filter(tweet -> !hasLabel.test(tweet.getId()) && !hasLabel.test(Label.idOf(tweet.getText())))
                .sorted(Comparator.<ScoredTweet>comparingDouble(LabelCandidates::margin)
                        .thenComparing(ScoredTweet::getId))
                .toList();
        return distinct(leastCertainFirst, ScoredTweet::getText, most);
    }

    /** The first ones, without near-duplicates. */
    static <T> List<T> distinct(List<T> ordered, Function<T, String> text, int most) {
        List<T> selected = new ArrayList<>();
        List<Set<String>> selectedNgrams = new ArrayList<>();
        for (T tweet : ordered) {
            if (selected.size() == most) break;
            Set<String> ngrams = ngrams(text.apply(tweet));
            if (selectedNgrams.stream().anyMatch(other -> jaccard(ngrams, other) >= NEAR_DUPLICATE)) continue;
            selected.add(tweet);
            selectedNgrams.add(ngrams);
        }
        return selected;
    }

    /** The probability of the most probable class less that of the second, as a score's margin. */
    private static double margin(ScoredTweet tweet) {
        Probabilities classes = tweet.getProbabilities();
        double[] sorted = {classes.getNegative(), classes.getNeutral(), classes.getPositive()};
        Arrays.sort(sorted);
        return sorted[2] - sorted[1];
    }

    /** Character n-grams, without regard to case, white space, links, and the prefix of a retweet. */
    private static Set<String> ngrams(String text) {
        String plain = text.toLowerCase(Locale.ROOT)
                .replaceFirst("^rt @\\w+:", "")
                .replaceAll("https?://\\S+", "")
                .replaceAll("\\s+", " ")
                .strip();
        Set<String> ngrams = new HashSet<>();
        for (int i = 0; i == 0 || i + NGRAM_LENGTH <= plain.length(); i++)
            ngrams.add(plain.substring(i, Math.min(plain.length(), i + NGRAM_LENGTH)));
        return ngrams;
    }

    /** Jaccard similarity, in [0, 1] (Broder, On the Resemblance and Containment of Documents, 1997). */
    private static double jaccard(Set<String> one, Set<String> other) {
        long common = one.stream().filter(other::contains).count();
        return (double) common / (one.size() + other.size() - common);
    }
}
