// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import io.deeptweet.schemas.PushingWord;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The words that pushed scores to one side, with the sums of their contributions. It keeps at most {@value #MOST}
 * words, as the mergeable summary of Misra and Gries does with weights (Agarwal et al., <em>Mergeable Summaries</em>,
 * PODS 2012): of more words, the largest sum that is left out is subtracted from all. A sum is then too low by at most
 * the whole sum of the side divided by {@code MOST + 1}, and a word that begins to be used late can still get in.
 *
 * @param byWord at most {@value #MOST}
 */
record WordSums(Map<String, Sum> byWord) {
    static final int MOST = 32;
    static final WordSums NONE = new WordSums(Map.of());

    /**
     * What a word has added up to.
     *
     * @param contribution logits of the polarity towards this side, above 0
     * @param tweets number of tweets in which it pushed to this side
     */
    record Sum(double contribution, long tweets) {
        private Sum plus(Sum other) {
            return new Sum(contribution + other.contribution, tweets + other.tweets);
        }
    }

    WordSums {
        byWord = Map.copyOf(byWord);
    }

    WordSums plus(WordSums other) {
        Map<String, Sum> all = new HashMap<>(byWord);
        other.byWord.forEach((word, sum) -> all.merge(word, sum, Sum::plus));
        return summary(all);
    }

    /** Returns at most {@value #MOST} of the words. */
    static WordSums summary(Map<String, Sum> all) {
        if (all.size() <= MOST) return new WordSums(all);
        double[] ascending =
                all.values().stream().mapToDouble(Sum::contribution).sorted().toArray();
        double leftOut = ascending[ascending.length - 1 - MOST];
        Map<String, Sum> kept = new HashMap<>();
        all.forEach((word, sum) -> {
            if (sum.contribution() > leftOut) kept.put(word, new Sum(sum.contribution() - leftOut, sum.tweets()));
        });
        return new WordSums(kept);
    }

    /** Whether this many tweets can add up to it. */
    boolean isPossible(long count) {
        return byWord.size() <= MOST
                && byWord.values().stream()
                        .allMatch(sum -> sum.contribution() > 0
                                && Double.isFinite(sum.contribution())
                                && sum.tweets() > 0
                                && sum.tweets() <= count);
    }

    /** The words with the largest sums, the largest first. */
    List<PushingWord> strongest(int limit) {
        return byWord.entrySet().stream()
                .sorted(Comparator.<Map.Entry<String, Sum>>comparingDouble(
                                word -> -word.getValue().contribution())
                        .thenComparing(Map.Entry::getKey))
                .limit(limit)
                .map(word -> new PushingWord(
                        word.getKey(),
                        (float) word.getValue().contribution(),
                        word.getValue().tweets()))
                .toList();
    }
}
