// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Histograms of scores, one for the probabilities of each class.
 *
 * @param byClass (classes) in the order of {@link SentimentClass}
 */
public record ClassHistograms(List<ScoreHistogram> byClass) {
    /** No scores. */
    public static final ClassHistograms EMPTY = each(sentiment -> ScoreHistogram.EMPTY);

    private static final JsonMapper JSON = new JsonMapper();

    public ClassHistograms {
        byClass = List.copyOf(byClass);
        if (byClass.size() != SentimentClass.values().length)
            throw new IllegalArgumentException("there are " + byClass.size() + " histograms, needs one per class");
    }

    private static ClassHistograms each(Function<SentimentClass, ScoreHistogram> histogram) {
        return new ClassHistograms(
                Stream.of(SentimentClass.values()).map(histogram).toList());
    }

    /** The histograms of one score. */
    public static ClassHistograms of(Score score) {
        return each(sentiment -> ScoreHistogram.of(score.of(sentiment)));
    }

    /**
     * Reads the histograms of a model's test scores from its evaluation report: {@code test.histograms} with a list of
     * {@value ScoreHistogram#BINS} counts for each class, or {@code test.histogram} with one list for the probability
     * that a text is positive, of a model of two classes.
     *
     * @param json the report, as {@link io.deeptweet.model.artefact.ModelHeader#report} gives it
     * @return empty if the report has no such histograms, counts no scores, or is not valid JSON
     */
    public static Optional<ClassHistograms> ofTestScores(String json) {
        try {
            JsonNode test = JSON.readTree(json).path("test");
            ClassHistograms histograms = test.has("histogram")
                    ? ofTwoClasses(histogram(test.path("histogram")))
                    : each(sentiment -> histogram(test.path("histograms").path(sentiment.label())));
            boolean scored = histograms.byClass.stream().allMatch(histogram -> histogram.total() > 0);
            return scored ? Optional.of(histograms) : Optional.empty();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ScoreHistogram histogram(JsonNode list) {
        List<Long> counts = new ArrayList<>();
        list.forEach(count -> counts.add(count.asLong(-1)));
        return new ScoreHistogram(counts);
    }

    private static ClassHistograms ofTwoClasses(ScoreHistogram positive) {
        List<Long> mirrored = new ArrayList<>(positive.counts());
        Collections.reverse(mirrored);
        List<Long> zero = new ArrayList<>(ScoreHistogram.EMPTY.counts());
        zero.set(0, positive.total());
        return each(sentiment -> switch (sentiment) {
            case NEGATIVE -> new ScoreHistogram(mirrored);
            case NEUTRAL -> new ScoreHistogram(zero);
            case POSITIVE -> positive;
        });
    }

    /** The histogram of the probabilities of a class. */
    public ScoreHistogram of(SentimentClass sentiment) {
        return byClass.get(sentiment.ordinal());
    }

    /** The sum of both. */
    public ClassHistograms plus(ClassHistograms other) {
        return each(sentiment -> of(sentiment).plus(other.of(sentiment)));
    }

    /** (classes, bins) the shares of the scores in each bin, in [0, 1]. */
    public double[][] shares() {
        return byClass.stream().map(ScoreHistogram::shares).toArray(double[][]::new);
    }

    /**
     * The largest {@linkplain ScoreHistogram#populationStabilityIndex population stability index} of a class.
     *
     * @param expected (classes, bins) the expected share of each bin; their sum is 1 for each class
     * @return 0 or more
     */
    public double populationStabilityIndex(double[][] expected) {
        return IntStream.range(0, expected.length)
                .mapToDouble(i -> byClass.get(i).populationStabilityIndex(expected[i]))
                .max()
                .orElseThrow();
    }
}
