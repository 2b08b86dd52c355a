// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Statistics of a data set, for exploration before training.
 *
 * @param duplicates texts that occur again after their first time
 * @param dropped what training would drop: texts without tokens, with the same tokens as another text, or with the same
 *     tokens and another label
 */
public record DataSetStatistics(DataSet set, int duplicates, DroppedRows dropped, List<ClassStatistics> classes) {
    /** Drops stop words as the paper does: they say little in a list of frequent words. */
    private static final TextPipeline WITHOUT_STOP_WORDS = TextPipeline.paperV1();

    /**
     * Statistics of the texts of one class.
     *
     * @param sentiment the class
     * @param lengths (texts) tokens of each text, ascending
     * @param words the most frequent words without stop words, the most frequent first
     * @param unknownTokens share of the tokens that are not in a model's vocabulary, in [0, 1]
     */
    public record ClassStatistics(
            SentimentClass sentiment, int[] lengths, List<WordCount> words, double unknownTokens) {
        /** The class in lower case. */
        public String name() {
            return sentiment.label();
        }

        /** The number of texts. */
        public int texts() {
            return lengths.length;
        }

        /** Mean number of tokens; 0 if there are no texts. */
        public double meanLength() {
            return Arrays.stream(lengths).average().orElse(0);
        }

        /**
         * A quantile of the numbers of tokens; 0 if there are no texts.
         *
         * @param share of the texts that are not longer, in [0, 1]
         */
        public int lengthQuantile(double share) {
            return lengths.length == 0
                    ? 0
                    : lengths[(int) Math.min(lengths.length - 1, Math.floor(share * lengths.length))];
        }
    }

    /** A word, and the number of its class's texts that have it. */
    public record WordCount(String word, int texts) {}

    /**
     * Computes the statistics.
     *
     * @param maximumLength tokens that training reads of a text, the first ones
     * @param vocabulary a model's, for the share of unknown tokens
     * @param mostWords most frequent words of a class to list
     */
    public static DataSetStatistics of(
            DataSet set, TextPipeline pipeline, int maximumLength, Vocabulary vocabulary, int mostWords) {
        Set<String> texts = new HashSet<>();
        set.texts().forEach(text -> texts.add(text.text()));
        return new DataSetStatistics(
                set,
                set.texts().size() - texts.size(),
                Examples.of(set.texts(), pipeline, maximumLength).dropped(),
                Stream.of(SentimentClass.values())
                        .map(sentiment -> statistics(set, sentiment, pipeline, vocabulary, mostWords))
                        .filter(statistics -> statistics.sentiment != SentimentClass.NEUTRAL || statistics.texts() > 0)
                        .toList());
    }

    private static ClassStatistics statistics(
            DataSet set, SentimentClass sentiment, TextPipeline pipeline, Vocabulary vocabulary, int mostWords) {
        List<Integer> lengths = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        long tokens = 0;
        long unknown = 0;
        for (LabeledText text : set.texts()) {
            if (text.label() != sentiment) continue;
            List<String> read = pipeline.tokens(text.text());
            lengths.add(read.size());
            tokens += read.size();
            for (String token : read) if (vocabulary.row(token) == Vocabulary.UNKNOWN) unknown++;
            new HashSet<>(read).forEach(token -> counts.merge(token, 1, Integer::sum));
        }
        List<WordCount> words = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .filter(entry -> !isPlaceholder(entry.getKey())
                        && !WITHOUT_STOP_WORDS.tokens(entry.getKey()).isEmpty())
                .limit(mostWords)
                .map(entry -> new WordCount(entry.getKey(), entry.getValue()))
                .toList();
        return new ClassStatistics(
                sentiment,
                lengths.stream().mapToInt(Integer::intValue).sorted().toArray(),
                words,
                tokens == 0 ? 0 : (double) unknown / tokens);
    }

    /** Such as {@code <url>}. */
    private static boolean isPlaceholder(String token) {
        return token.startsWith("<");
    }
}
