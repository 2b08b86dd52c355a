// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static final LogisticRegression ZERO = new LogisticRegression(new double[3], 0);

    private static float[][] features(int count, Random random) {
        float[][] features = new float[count][3];
        for (float[] row : features) for (int i = 0; i < 3; i++) row[i] = (float) random.nextGaussian();
        return features;
    }

    private static float[] labels(float[][] features, double[] weights, double bias, Random random) {
        float[] targets = new float[features.length];
        for (int i = 0; i < targets.length; i++) {
            double logit = bias;
            for (int j = 0; j < 3; j++) logit += weights[j] * features[i][j];
            targets[i] = random.nextDouble() < 1 / (1 + Math.exp(-logit)) ? 1 : 0;
        }
        return targets;
    }

    @Test
    void theWeightsThatGeneratedTheLabelsAreFound() {
        Random random = new Random(1);
        float[][] features = features(50_000, random);
        LogisticRegression found = LogisticRegression.fit(
                features, labels(features, new double[] {1.5, -0.7, 0}, 0.4, random), ones(features), ZERO, 1e-9);
        assertThat(found.weights()[0]).isCloseTo(1.5, within(0.06));
        assertThat(found.weights()[1]).isCloseTo(-0.7, within(0.06));
        assertThat(found.weights()[2]).isCloseTo(0, within(0.06));
        assertThat(found.bias()).isCloseTo(0.4, within(0.06));
    }

    @Test
    void theFittedWeightsHaveTheLowestPenalizedLoss() {
        Random random = new Random(2);
        float[][] features = features(300, random);
        float[] targets = labels(features, new double[] {1, 1, 1}, 0, random);
        for (int i = 0; i < 100; i++) targets[i] = 0.3f;
        LogisticRegression prior = new LogisticRegression(new double[] {0.5, 0, -0.5}, 0);
        double l2 = 0.01;
        LogisticRegression best = LogisticRegression.fit(features, targets, ones(features), prior, l2);
        double least = penalized(best, prior, features, targets, l2);
        for (int i = 0; i < 200; i++) {
            double[] weights = best.weights().clone();
            weights[random.nextInt(3)] += 0.02 * random.nextGaussian();
            LogisticRegression other = new LogisticRegression(weights, best.bias() + 0.02 * random.nextGaussian());
            assertThat(penalized(other, prior, features, targets, l2)).isGreaterThan(least);
        }
    }

    private static float[] ones(float[][] features) {
        float[] ones = new float[features.length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** A text that counts twice is as good as the same text a second time. */
    @Test
    void aTextOfTwiceTheWeightCountsAsTwo() {
        Random random = new Random(4);
        float[][] features = features(50, random);
        float[] targets = labels(features, new double[] {1, 0, -1}, 0, random);
        float[][] repeated = Arrays.copyOf(features, 51);
        repeated[50] = features[0];
        float[] repeatedTargets = Arrays.copyOf(targets, 51);
        repeatedTargets[50] = targets[0];
        float[] shares = ones(features);
        shares[0] = 2;
        LogisticRegression weighted = LogisticRegression.fit(features, targets, shares, ZERO, 0.01);
        LogisticRegression twice = LogisticRegression.fit(repeated, repeatedTargets, ones(repeated), ZERO, 0.01);
        assertThat(weighted.weights()).containsExactly(twice.weights(), within(1e-6));
        assertThat(weighted.loss(features, targets, shares))
                .isCloseTo(twice.loss(repeated, repeatedTargets, ones(repeated)), within(1e-9));
    }

    private static double penalized(
            LogisticRegression of, LogisticRegression prior, float[][] features, float[] targets, double l2) {
        double penalty = 0;
        for (int i = 0; i < 3; i++) penalty += Math.pow(of.weights()[i] - prior.weights()[i], 2);
        return of.loss(features, targets, ones(features)) + l2 / 2 * penalty;
    }

    /** Without a penalty the weights would be infinite. */
    @Test
    void separableTextsHaveFiniteWeights() {
        LogisticRegression found = LogisticRegression.fit(
                new float[][] {{1, 0, 0}, {2, 0, 0}, {-1, 0, 0}},
                new float[] {1, 1, 0},
                new float[] {1, 1, 1},
                ZERO,
                1e-6);
        assertThat(found.weights()[0]).isPositive().isFinite();
        assertThat(found.bias()).isFinite();
    }

    @Test
    void aLargePenaltyKeepsTheWeightsAtThePrior() {
        Random random = new Random(3);
        float[][] features = features(100, random);
        LogisticRegression prior = new LogisticRegression(new double[] {3, 2, 1}, 0);
        assertThat(LogisticRegression.fit(
                                features, labels(features, new double[3], 0, random), ones(features), prior, 1e6)
                        .weights())
                .containsExactly(new double[] {3, 2, 1}, within(1e-3));
    }
}
