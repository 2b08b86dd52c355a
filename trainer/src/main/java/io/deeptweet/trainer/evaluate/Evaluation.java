// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import io.deeptweet.model.score.ScoreHistogram;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.trainer.data.LabeledText;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Metrics of predicted probabilities against labels. A text is classified as positive if its probability is at least
 * one half.
 *
 * @param texts their number
 * @param accuracy share of texts whose class is predicted right
 * @param macroF1 mean F1 of the two classes
 * @param macroRecall mean recall of the two classes, TweetEval's metric for sentiment
 * @param logLoss mean of -ln of the probability of the true class, which counts as at least 1e-7
 * @param rocAuc probability that a random positive text has a higher probability than a random negative one, ties count
 *     half; empty if a class is missing
 * @param calibrationError expected calibration error: the mean over {@value #BINS} bins of equal width of |share of
 *     positive texts - mean probability|, weighted by the bins' texts (Guo et al., On Calibration of Modern Neural
 *     Networks, 2017, for two classes)
 * @param histogram texts by their probability, in ten bins of equal width: the reference for the drift of a feed
 */
public record Evaluation(
        int texts,
        double accuracy,
        double macroF1,
        double macroRecall,
        double logLoss,
        OptionalDouble rocAuc,
        double calibrationError,
        ClassMetrics negative,
        ClassMetrics positive,
        Confusion confusion,
        List<Long> histogram) {
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

    /** Counts of texts, by true and by predicted class. */
    public record Confusion(
            int negativeAsNegative, int negativeAsPositive, int positiveAsNegative, int positiveAsPositive) {}

    /** Scores and evaluates texts. */
    public static Evaluation of(Scorer scorer, List<LabeledText> texts) {
        return of(ScoredText.of(scorer, texts));
    }

    /** Evaluates scored texts. */
    public static Evaluation of(List<ScoredText> texts) {
        float[] probabilities = new float[texts.size()];
        boolean[] positive = new boolean[texts.size()];
        for (int i = 0; i < positive.length; i++) {
            probabilities[i] = texts.get(i).probability();
            positive[i] = texts.get(i).text().positive();
        }
        return of(probabilities, positive);
    }

    /**
     * Evaluates probabilities.
     *
     * @param probabilities (texts) of being positive, in [0, 1]
     * @param positive (texts) the labels
     * @throws IllegalArgumentException if there are none, or their numbers differ
     */
    public static Evaluation of(float[] probabilities, boolean[] positive) {
        int n = probabilities.length;
        if (n == 0 || n != positive.length)
            throw new IllegalArgumentException(
                    n + " probabilities and " + positive.length + " labels: use as many of both, at least one");
        int[][] counts = new int[2][2];
        double loss = 0;
        for (int i = 0; i < n; i++) {
            counts[positive[i] ? 1 : 0][probabilities[i] >= 0.5f ? 1 : 0]++;
            loss -= Math.log(Math.max(LEAST, positive[i] ? probabilities[i] : 1.0 - probabilities[i]));
        }
        ClassMetrics negatives =
                ClassMetrics.of(counts[0][0], counts[0][0] + counts[1][0], counts[0][0] + counts[0][1]);
        ClassMetrics positives =
                ClassMetrics.of(counts[1][1], counts[0][1] + counts[1][1], counts[1][0] + counts[1][1]);
        return new Evaluation(
                n,
                (double) (counts[0][0] + counts[1][1]) / n,
                (negatives.f1() + positives.f1()) / 2,
                (negatives.recall() + positives.recall()) / 2,
                loss / n,
                rocAuc(probabilities, positive),
                calibrationError(probabilities, positive),
                negatives,
                positives,
                new Confusion(counts[0][0], counts[0][1], counts[1][0], counts[1][1]),
                ScoreHistogram.of(probabilities).counts());
    }

    /** From the positive texts' ranks (Mann and Whitney's U); equal probabilities have their mean rank. */
    private static OptionalDouble rocAuc(float[] probabilities, boolean[] positive) {
        int[] order = IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> probabilities[i]))
                .mapToInt(i -> i)
                .toArray();
        double ranks = 0;
        long positives = 0;
        for (int from = 0; from < order.length; ) {
            int to = from;
            int among = 0;
            for (; to < order.length && probabilities[order[to]] == probabilities[order[from]]; to++)
                if (positive[order[to]]) among++;
            ranks += among * (from + 1 + to) / 2.0;
            positives += among;
            from = to;
        }
        long negatives = order.length - positives;
        if (positives == 0 || negatives == 0) return OptionalDouble.empty();
        return OptionalDouble.of((ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives));
    }

    private static double calibrationError(float[] probabilities, boolean[] positive) {
        double[] difference = new double[BINS];
        for (int i = 0; i < probabilities.length; i++)
            difference[Math.min(BINS - 1, (int) (probabilities[i] * BINS))] += (positive[i] ? 1 : 0) - probabilities[i];
        double sum = 0;
        for (double bin : difference) sum += Math.abs(bin);
        return sum / probabilities.length;
    }
}
