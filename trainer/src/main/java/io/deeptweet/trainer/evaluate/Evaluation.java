// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.data.LabeledText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Metrics of scores against labels. The classes are negative, neutral and positive; without neutral labels, negative
 * and positive. Maps have the classes' names in lower case as keys.
 *
 * @param texts their number
 * @param accuracy share of texts whose class is predicted right
 * @param macroF1 mean F1 of the classes
 * @param macroRecall mean recall of the classes, TweetEval's metric for sentiment
 * @param logLoss mean of -ln of the probability of the true class, which counts as at least 1e-7
 * @param rocAuc probability that a random positive text has a higher polarity than a random negative one, ties count
 *     half; empty if there is no such pair
 * @param calibrationError expected calibration error: over {@value #BINS} bins of equal width of the probability, the
 *     sum of |texts of the class - sum of probabilities|, divided by the number of texts. Of three classes, the
 *     probability is that of the predicted one; of two, that of positive (Guo et al., On Calibration of Modern Neural
 *     Networks, 2017)
 * @param confusion numbers of texts, by true class, then by predicted class
 * @param histograms texts by the score's probability of each of the three classes, in ten bins of equal width, whatever
 *     the labels: the reference for the drift of a feed
 * @param calibration the bins of {@code calibrationError}, by ascending probability; empty in older reports
 */
public record Evaluation(
        int texts,
        double accuracy,
        double macroF1,
        double macroRecall,
        double logLoss,
        OptionalDouble rocAuc,
        double calibrationError,
        Map<String, ClassMetrics> classes,
        Map<String, Map<String, Integer>> confusion,
        Map<String, List<Long>> histograms,
        Optional<List<CalibrationBin>> calibration) {
    private static final int BINS = 15;
    private static final double LEAST = 1e-7;

    /**
     * Metrics of one class. A metric whose denominator is zero is zero.
     *
     * @param texts of this class
     */
    public record ClassMetrics(double precision, double recall, double f1, int texts) {
        private static ClassMetrics of(int right, int predicted, int texts) {
            double precision = predicted == 0 ? 0 : (double) right / predicted;
            double recall = texts == 0 ? 0 : (double) right / texts;
            return new ClassMetrics(
                    precision,
                    recall,
                    precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall),
                    texts);
        }
    }

    /**
     * A bin of the calibration curve.
     *
     * @param texts whose probability is in the bin
     * @param probability mean of their probabilities, in [0, 1]; 0 without texts
     * @param right share of them that have the class, in [0, 1]; 0 without texts
     */
    public record CalibrationBin(int texts, double probability, double right) {}

    /** Scores and evaluates texts. */
    public static Evaluation of(Scorer scorer, List<LabeledText> texts) {
        return of(ScoredText.of(scorer, texts));
    }

    /**
     * Evaluates probabilities of two classes.
     *
     * @param probabilities (texts) of being positive, in [0, 1]
     * @param positive (texts) the labels
     * @throws IllegalArgumentException if there are none, or their numbers differ
     */
    public static Evaluation of(float[] probabilities, boolean[] positive) {
        if (probabilities.length != positive.length)
            throw new IllegalArgumentException(
                    probabilities.length + " probabilities and " + positive.length + " labels: use as many of both");
        List<ScoredText> texts = new ArrayList<>(positive.length);
        for (int i = 0; i < positive.length; i++)
            texts.add(new ScoredText(new LabeledText("", positive[i]), new Score(probabilities[i], "")));
        return of(texts);
    }

    /**
     * Evaluates scored texts.
     *
     * @throws IllegalArgumentException if there are none
     */
    public static Evaluation of(List<ScoredText> texts) {
        if (texts.isEmpty()) throw new IllegalArgumentException("there are no texts to evaluate on");
        boolean three = texts.stream().anyMatch(scored -> scored.text().opinionLabelled());
        List<SentimentClass> classes = Stream.of(SentimentClass.values())
                .filter(sentiment -> three || sentiment != SentimentClass.NEUTRAL)
                .toList();
        int[][] counts = new int[3][3]; // by true class, then by predicted class
        double loss = 0;
        for (ScoredText scored : texts) {
            SentimentClass label = scored.text().label();
            counts[label.ordinal()][scored.predicted().ordinal()]++;
            loss -= Math.log(Math.max(LEAST, scored.probability(label)));
        }
        List<CalibrationBin> calibration = calibration(texts, three);
        Map<String, ClassMetrics> metrics = byName(classes, sentiment -> metrics(counts, sentiment.ordinal()));
        int right = 0;
        for (int i = 0; i < counts.length; i++) right += counts[i][i];
        return new Evaluation(
                texts.size(),
                (double) right / texts.size(),
                metrics.values().stream()
                        .mapToDouble(ClassMetrics::f1)
                        .average()
                        .orElseThrow(),
                metrics.values().stream()
                        .mapToDouble(ClassMetrics::recall)
                        .average()
                        .orElseThrow(),
                loss / texts.size(),
                rocAuc(texts),
                calibrationError(calibration),
                metrics,
                byName(classes, label -> byName(classes, predicted -> counts[label.ordinal()][predicted.ordinal()])),
                byName(List.of(SentimentClass.values()), sentiment -> histogram(texts, sentiment)),
                Optional.of(calibration));
    }

    /** The metrics of a class; empty for neutral texts where there are two classes. */
    public Optional<ClassMetrics> of(SentimentClass sentiment) {
        return Optional.ofNullable(classes.get(sentiment.label()));
    }

    private static <T> Map<String, T> byName(List<SentimentClass> classes, Function<SentimentClass, T> value) {
        Map<String, T> values = new LinkedHashMap<>();
        classes.forEach(sentiment -> values.put(sentiment.label(), value.apply(sentiment)));
        return values;
    }

    private static ClassMetrics metrics(int[][] counts, int sentiment) {
        int predicted = 0;
        int texts = 0;
        for (int i = 0; i < counts.length; i++) {
            predicted += counts[i][sentiment];
            texts += counts[sentiment][i];
        }
        return ClassMetrics.of(counts[sentiment][sentiment], predicted, texts);
    }

    private static List<Long> histogram(List<ScoredText> texts, SentimentClass sentiment) {
        float[] probabilities = new float[texts.size()];
        for (int i = 0; i < probabilities.length; i++)
            probabilities[i] = texts.get(i).score().of(sentiment);
        return ScoreHistogram.of(probabilities).counts();
    }

    /** From the positive texts' ranks (Mann and Whitney's U); equal probabilities have their mean rank. */
    private static OptionalDouble rocAuc(List<ScoredText> all) {
        List<ScoredText> texts = all.stream()
                .filter(scored -> !scored.text().neutral())
                .sorted(Comparator.comparingDouble(scored -> scored.score().polarity()))
                .toList();
        double ranks = 0;
        long positives = 0;
        for (int from = 0; from < texts.size(); ) {
            int to = from;
            int among = 0;
            float polarity = texts.get(from).score().polarity();
            for (; to < texts.size() && texts.get(to).score().polarity() == polarity; to++)
                if (texts.get(to).text().positive()) among++;
            ranks += among * (from + 1 + to) / 2.0;
            positives += among;
            from = to;
        }
        long negatives = texts.size() - positives;
        if (positives == 0 || negatives == 0) return OptionalDouble.empty();
        return OptionalDouble.of((ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives));
    }

    private static List<CalibrationBin> calibration(List<ScoredText> texts, boolean three) {
        int[] numbers = new int[BINS];
        double[] probabilities = new double[BINS];
        int[] right = new int[BINS];
        for (ScoredText scored : texts) {
            SentimentClass sentiment = three ? scored.predicted() : SentimentClass.POSITIVE;
            float probability = scored.probability(sentiment);
            int bin = Math.min(BINS - 1, (int) (probability * BINS));
            numbers[bin]++;
            probabilities[bin] += probability;
            if (scored.text().label() == sentiment) right[bin]++;
        }
        return IntStream.range(0, BINS)
                .mapToObj(bin -> new CalibrationBin(
                        numbers[bin],
                        numbers[bin] == 0 ? 0 : probabilities[bin] / numbers[bin],
                        numbers[bin] == 0 ? 0 : (double) right[bin] / numbers[bin]))
                .toList();
    }

    private static double calibrationError(List<CalibrationBin> bins) {
        double sum = 0;
        int texts = 0;
        for (CalibrationBin bin : bins) {
            sum += bin.texts() * Math.abs(bin.right() - bin.probability());
            texts += bin.texts();
        }
        return sum / texts;
    }
}
