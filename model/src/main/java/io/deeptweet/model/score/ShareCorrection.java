// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Estimates the shares of the classes in a set of texts from the mean of their probabilities. Counting the most
 * probable class, or averaging probabilities, is biased where the mix of classes differs from that of the training
 * data. But whatever the mix is, the mean of the probabilities is the mix of the means of each class, which held-out
 * texts tell:
 *
 * <pre>
 * m = Σₖ sₖ · Mₖ    m: mean probabilities of the set, Mₖ: those of held-out texts of class k, sₖ: share of class k
 * </pre>
 *
 * <p>So s are the barycentric coordinates of m in the triangle of the Mₖ. The interval covers two errors: the set is a
 * sample, and the Mₖ are known from a limited number of texts. Both follow from the covariances Cₖ of the probabilities
 * within the classes, for n texts of the set and nₖ held-out ones, by the delta method:
 *
 * <pre>
 * cov(m) = (Σₖ sₖ · (Cₖ + Mₖ·Mₖᵀ) − m·mᵀ) / n + Σₖ sₖ² · Cₖ / nₖ
 * </pre>
 *
 * <p>It assumes that texts of a class look alike in both sets (prior probability shift).
 *
 * @param byClass (classes) held-out texts of each class, in the order of {@link SentimentClass}
 * @see <a href="https://doi.org/10.1109/ICDM.2010.75">Bella et al.: Quantification via Probability Estimators, 2010</a>
 * @see <a href="https://doi.org/10.1007/s10618-008-0097-y">Forman: Quantifying Counts and Costs via Classification,
 *     2008</a>
 */
public record ShareCorrection(List<HeldOut> byClass) {
    /** Standard deviations of a normal distribution that cover 95 %. */
    private static final double COVER = 1.96;

    private static final JsonMapper JSON = new JsonMapper();

    /** Classes whose means are nearer cannot be told apart. */
    private static final double LEAST_AREA = 1e-3;

    /**
     * The probabilities of the held-out texts of one class. The probability of neutral follows from the two others.
     *
     * @param texts their number, 0 or more
     * @param negative mean probability of negative, in [0, 1]
     * @param positive mean probability of positive, in [0, 1]
     * @param negativeVariance variance of the probability of negative, 0 or more
     * @param positiveVariance variance of the probability of positive, 0 or more
     * @param covariance of both
     */
    public record HeldOut(
            double texts,
            double negative,
            double positive,
            double negativeVariance,
            double positiveVariance,
            double covariance) {
        public HeldOut {
            boolean possible = texts >= 0
                    && negative >= 0
                    && positive >= 0
                    && negative + positive <= 1 + 1e-6
                    && negativeVariance >= 0
                    && positiveVariance >= 0
                    && covariance * covariance <= negativeVariance * positiveVariance * (1 + 1e-6) + 1e-12;
            if (!possible) // also for NaN
            throw new IllegalArgumentException("no means and variances of probabilities: " + texts + " texts, "
                    + negative + ", " + positive + ", " + negativeVariance + ", " + positiveVariance + ", "
                    + covariance);
        }

        private HeldOut plus(HeldOut other, double weight) {
            return new HeldOut(
                    texts + weight * other.texts,
                    negative + weight * other.negative,
                    positive + weight * other.positive,
                    negativeVariance + weight * other.negativeVariance,
                    positiveVariance + weight * other.positiveVariance,
                    covariance + weight * other.covariance);
        }

        /** The probabilities of some texts of one class. */
        static HeldOut of(List<Score> scores) {
            double n = Math.max(1, scores.size());
            double negative = 0;
            double positive = 0;
            double negatives = 0;
            double positives = 0;
            double both = 0;
            for (Score score : scores) {
                negative += score.negative() / n;
                positive += score.positive() / n;
                negatives += (double) score.negative() * score.negative() / n;
                positives += (double) score.positive() * score.positive() / n;
                both += (double) score.negative() * score.positive() / n;
            }
            return new HeldOut(
                    scores.size(),
                    negative,
                    positive,
                    Math.max(0, negatives - negative * negative),
                    Math.max(0, positives - positive * positive),
                    both - negative * positive);
        }
    }

    public ShareCorrection {
        byClass = List.copyOf(byClass);
        if (byClass.size() != SentimentClass.values().length)
            throw new IllegalArgumentException("there are " + byClass.size() + " classes, needs 3");
    }

    /** The correction of a model that gave texts of known classes these scores. */
    public static ShareCorrection of(Map<SentimentClass, List<Score>> scores) {
        List<HeldOut> all = new ArrayList<>();
        for (SentimentClass sentiment : SentimentClass.values())
            all.add(HeldOut.of(scores.getOrDefault(sentiment, List.of())));
        return new ShareCorrection(all);
    }

    /**
     * Reads the correction from a model's evaluation report: {@code correction} with the fields of {@link HeldOut}, in
     * snake case, for each class.
     *
     * @param json the report, as {@link io.deeptweet.model.artefact.ModelHeader#report} gives it
     * @return empty if the report has none, or is not valid JSON
     */
    public static Optional<ShareCorrection> ofReport(String json) {
        try {
            JsonNode classes = JSON.readTree(json).path("correction");
            List<HeldOut> all = new ArrayList<>();
            for (SentimentClass sentiment : SentimentClass.values()) {
                JsonNode of = classes.path(sentiment.label());
                if (!of.isObject()) return Optional.empty();
                all.add(new HeldOut(
                        of.path("texts").asDouble(Double.NaN),
                        of.path("negative").asDouble(Double.NaN),
                        of.path("positive").asDouble(Double.NaN),
                        of.path("negative_variance").asDouble(Double.NaN),
                        of.path("positive_variance").asDouble(Double.NaN),
                        of.path("covariance").asDouble(Double.NaN)));
            }
            return Optional.of(new ShareCorrection(all));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The correction by the names of the classes, as {@link #ofReport} reads it. */
    public Map<String, HeldOut> toReport() {
        Map<String, HeldOut> report = new LinkedHashMap<>();
        for (SentimentClass sentiment : SentimentClass.values())
            report.put(sentiment.label(), byClass.get(sentiment.ordinal()));
        return report;
    }

    /**
     * The correction of texts that several models have scored.
     *
     * @param texts number of texts by the correction of their model; at least one
     */
    public static ShareCorrection mean(Map<ShareCorrection, Long> texts) {
        double all = texts.values().stream().mapToLong(Long::longValue).sum();
        List<HeldOut> mean = new ArrayList<>();
        for (int k = 0; k < SentimentClass.values().length; k++) {
            HeldOut sum = new HeldOut(0, 0, 0, 0, 0, 0);
            for (Map.Entry<ShareCorrection, Long> model : texts.entrySet())
                sum = sum.plus(model.getKey().byClass.get(k), model.getValue() / all);
            mean.add(sum);
        }
        return new ShareCorrection(mean);
    }

    /**
     * The estimated shares.
     *
     * @param negative mean probability of negative of the set, in [0, 1]
     * @param positive mean probability of positive of the set, in [0, 1]
     * @param texts of the set, 1 or more
     * @return (classes) shares that sum to 1, with intervals of 95 %; empty if the model cannot tell the classes apart,
     *     or if there were no held-out texts of a class. Without held-out neutral texts, the neutral share is 0
     */
    public Optional<List<ClassShare>> shares(double negative, double positive, long texts) {
        List<Integer> known = IntStream.range(0, byClass.size())
                .filter(k -> byClass.get(k).texts() > 1)
                .boxed()
                .toList();
        boolean two = !known.contains(SentimentClass.NEUTRAL.ordinal());
        if (known.size() < (two ? 2 : 3)) return Optional.empty();
        return two ? ofTwo(positive, texts) : ofThree(negative, positive, texts);
    }

    /** The position of the mean on the line between the means of both classes. */
    private Optional<List<ClassShare>> ofTwo(double positive, long texts) {
        HeldOut low = byClass.get(SentimentClass.NEGATIVE.ordinal());
        HeldOut high = byClass.get(SentimentClass.POSITIVE.ordinal());
        double length = high.positive() - low.positive();
        if (length < LEAST_AREA) return Optional.empty();
        double free = (positive - low.positive()) / length;
        double share = Math.min(1, Math.max(0, free));
        double deviation = Math.sqrt(covariance(new double[] {1 - share, 0, share}, texts)[1][1]) / length;
        ClassShare estimated = interval(free, share, deviation);
        return Optional.of(List.of(
                new ClassShare(1 - share, 1 - estimated.high(), 1 - estimated.low()),
                new ClassShare(0, 0, 0),
                estimated));
    }

    private Optional<List<ClassShare>> ofThree(double negative, double positive, long texts) {
        HeldOut first = byClass.get(0);
        HeldOut second = byClass.get(1);
        HeldOut third = byClass.get(2);
        double a = first.negative() - second.negative(); // columns: negative and positive, seen from neutral
        double b = third.negative() - second.negative();
        double c = first.positive() - second.positive();
        double d = third.positive() - second.positive();
        double area = a * d - b * c;
        if (Math.abs(area) < LEAST_AREA) return Optional.empty();
        double[][] inverse = {{d / area, -b / area}, {-c / area, a / area}};
        double x = negative - second.negative();
        double y = positive - second.positive();
        double[] free = new double[3];
        free[0] = inverse[0][0] * x + inverse[0][1] * y;
        free[2] = inverse[1][0] * x + inverse[1][1] * y;
        free[1] = 1 - free[0] - free[2];
        double[] shares = onSimplex(free);
        double[][] covariance = transformed(inverse, covariance(shares, texts));
        double[] variances = {
            covariance[0][0], covariance[0][0] + covariance[1][1] + 2 * covariance[0][1], covariance[1][1]
        };
        return Optional.of(IntStream.range(0, 3)
                .mapToObj(k -> interval(free[k], shares[k], Math.sqrt(Math.max(0, variances[k]))))
                .toList());
    }

    /**
     * Covers the intervals around the estimate without bounds and around the one within them. If the mean is far
     * outside of the triangle, the first alone shrinks to a point, although the set contradicts the held-out texts.
     */
    private static ClassShare interval(double free, double share, double deviation) {
        double low = Math.max(0, Math.min(free, share) - COVER * deviation);
        double high = Math.min(1, Math.max(free, share) + COVER * deviation);
        return new ClassShare(share, low, high);
    }

    /** (2, 2) the covariance of the means of negative and positive. */
    private double[][] covariance(double[] shares, long texts) {
        double[] mean = new double[2];
        double[][] covariance = new double[2][2];
        for (int k = 0; k < shares.length; k++) {
            HeldOut of = byClass.get(k);
            double[] center = {of.negative(), of.positive()};
            double[][] within = {{of.negativeVariance(), of.covariance()}, {of.covariance(), of.positiveVariance()}};
            for (int i = 0; i < 2; i++) {
                mean[i] += shares[k] * center[i];
                for (int j = 0; j < 2; j++)
                    covariance[i][j] += shares[k] * (within[i][j] + center[i] * center[j]) / texts
                            + shares[k] * shares[k] * within[i][j] / Math.max(1, of.texts());
            }
        }
        for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) covariance[i][j] -= mean[i] * mean[j] / texts;
        return covariance;
    }

    private static double[][] transformed(double[][] matrix, double[][] covariance) {
        double[][] result = new double[2][2];
        for (int i = 0; i < 2; i++)
            for (int j = 0; j < 2; j++)
                for (int k = 0; k < 2; k++)
                    for (int l = 0; l < 2; l++) result[i][j] += matrix[i][k] * covariance[k][l] * matrix[j][l];
        return result;
    }

    /** The nearest point whose coordinates are not negative and sum to 1. */
    private static double[] onSimplex(double[] point) {
        double[] sorted = point.clone();
        Arrays.sort(sorted);
        double sum = 0;
        double shift = 0;
        for (int i = sorted.length - 1, count = 1; i >= 0; i--, count++) {
            sum += sorted[i];
            double candidate = (sum - 1) / count;
            if (sorted[i] - candidate > 0) shift = candidate;
        }
        double[] projected = new double[point.length];
        double rest = 0;
        for (int i = 0; i < point.length; i++) {
            projected[i] = Math.min(1, Math.max(0, point[i] - shift));
            rest += projected[i];
        }
        for (int i = 0; i < point.length; i++) projected[i] = Math.min(1, projected[i] / rest);
        return projected;
    }
}
