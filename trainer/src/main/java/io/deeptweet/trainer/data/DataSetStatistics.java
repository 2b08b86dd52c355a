// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

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

/**
 * What a data set looks like before anybody learns from it.
 *
 * @param duplicates texts that stand in it more than once, each counted once less than it stands there
 * @param dropped what would be left out of training besides: texts without tokens, with the same tokens as another, or
 *     with the same tokens and another label
 * @param negative the texts of that class
 * @param positive the texts of that class
 */
public record DataSetStatistics(
        DataSet set, int duplicates, DroppedRows dropped, ClassFigures negative, ClassFigures positive) {
    /** A word that the paper's stop-word list takes out says little in a list of frequent words. */
    private static final TextPipeline WITHOUT_STOP_WORDS = TextPipeline.paperV1();

    /**
     * One class.
     *
     * @param lengths tokens of each text, ascending
     * @param words the most frequent words but stop words, the most frequent first
     * @param unknownTokens share of the tokens that a model's vocabulary does not hold, in [0, 1]
     */
    public record ClassFigures(int[] lengths, List<WordCount> words, double unknownTokens) {
        public double meanLength() {
            return Arrays.stream(lengths).average().orElse(0);
        }

        /** The length that this share of the texts does not exceed. */
        public int length(double share) {
            return lengths.length == 0
                    ? 0
                    : lengths[(int) Math.min(lengths.length - 1, Math.floor(share * lengths.length))];
        }
    }

    /** A word, and in how many texts of its class it stands. */
    public record WordCount(String word, int texts) {}

    /**
     * Explores a data set.
     *
     * @param maximumLength how many tokens of a text are read, the first ones
     * @param vocabulary a model's, for the share of unknown tokens
     * @param mostWords of a class's frequent words
     */
    public static DataSetStatistics of(
            DataSet set, TextPipeline pipeline, int maximumLength, Vocabulary vocabulary, int mostWords) {
        Set<String> texts = new HashSet<>();
        set.texts().forEach(text -> texts.add(text.text()));
        return new DataSetStatistics(
                set,
                set.texts().size() - texts.size(),
                Examples.of(set.texts(), pipeline, maximumLength).dropped(),
                figures(set, false, pipeline, vocabulary, mostWords),
                figures(set, true, pipeline, vocabulary, mostWords));
    }

    private static ClassFigures figures(
            DataSet set, boolean positive, TextPipeline pipeline, Vocabulary vocabulary, int mostWords) {
        List<Integer> lengths = new ArrayList<>();
        Map<String, Integer> counts = new HashMap<>();
        long tokens = 0;
        long unknown = 0;
        for (LabeledText text : set.texts()) {
            if (text.positive() != positive) continue;
            List<String> read = pipeline.tokens(text.text());
            lengths.add(read.size());
            tokens += read.size();
            for (String token : read) if (vocabulary.row(token) == Vocabulary.UNKNOWN) unknown++;
            new HashSet<>(read).forEach(token -> counts.merge(token, 1, Integer::sum));
        }
        List<WordCount> words = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .filter(entry -> !WITHOUT_STOP_WORDS.tokens(entry.getKey()).isEmpty()
                        && !entry.getKey().startsWith("<"))
                .limit(mostWords)
                .map(entry -> new WordCount(entry.getKey(), entry.getValue()))
                .toList();
        return new ClassFigures(
                lengths.stream().mapToInt(Integer::intValue).sorted().toArray(),
                words,
                tokens == 0 ? 0 : (double) unknown / tokens);
    }
}
