// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A logistic regression: the logit is bias + Σ weightᵢ · featureᵢ.
 *
 * @param weights (features)
 */
record LogisticRegression(double[] weights, double bias) {
    private static final int MOST_STEPS = 50;
    private static final double CONVERGED = 1e-9;
    private static final double LEAST_PART = 1e-6;
    private static final int TEXTS_AT_ONCE = 4096;

    /**
     * Fits by Newton's method, which finds the only minimum of the weighted mean log loss + l2 / 2 · |weights − prior's
     * weights|². The bias has no penalty.
     *
     * @param features (texts, features)
     * @param targets (texts) probabilities, in [0, 1]
     * @param shares (texts) weights of the texts' losses, which are positive
     * @param prior start of the search, and centre of the penalty
     * @param l2 weight of the penalty; positive
     * @see <a href="https://hastie.su.domains/ElemStatLearn/">Hastie, Tibshirani and Friedman: The Elements of
     *     Statistical Learning</a>, 4.4.1
     */
    static LogisticRegression fit(
            float[][] features, float[] targets, float[] shares, LogisticRegression prior, double l2) {
        double[] normalized = new double[shares.length];
        double all = 0;
        for (float share : shares) all += share;
        for (int i = 0; i < normalized.length; i++) normalized[i] = shares[i] / all;
        int n = prior.weights.length + 1; // the bias last
        double[] at = Arrays.copyOf(prior.weights, n);
        at[n - 1] = prior.bias;
        double loss = penalized(at, features, targets, shares, prior, l2);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[n];
            double[][] hessian = new double[n][n];
            accumulate(features, targets, normalized, at, gradient, hessian);
            for (int i = 0; i < n - 1; i++) {
                gradient[i] += l2 * (at[i] - prior.weights[i]);
                hessian[i][i] += l2;
            }
            hessian[n - 1][n - 1] += CONVERGED; // without curvature where all probabilities are 0 or 1
            double[] move = solve(hessian, gradient);
            double[] next = new double[n];
            double nextLoss = Double.POSITIVE_INFINITY;
            // Where the curvature is small, a whole step goes too far: halve it until the loss falls.
            for (double part = 1; part > LEAST_PART && !(nextLoss <= loss); part /= 2) {
                for (int i = 0; i < n; i++) next[i] = at[i] - part * move[i];
                nextLoss = penalized(next, features, targets, shares, prior, l2);
            }
            if (!(nextLoss < loss)) break;
            double largest = 0;
            for (int i = 0; i < n; i++) largest = Math.max(largest, Math.abs(next[i] - at[i]));
            at = next;
            loss = nextLoss;
            if (largest < 1e-6) break;
        }
        return new LogisticRegression(Arrays.copyOf(at, n - 1), at[n - 1]);
    }

    /** The mean log loss on these texts, weighted by their shares. */
    double loss(float[][] features, float[] targets, float[] shares) {
        double sum = 0;
        double all = 0;
        for (int text = 0; text < features.length; text++) {
            double logit = logit(features[text]);
            sum += shares[text] * (targets[text] * softplus(-logit) + (1 - targets[text]) * softplus(logit));
            all += shares[text];
        }
        return sum / all;
    }

    /** ln(1 + exp(x)), also where exp(x) is infinite. */
    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    /** What {@link #fit} minimizes, at some weights with the bias last. */
    private static double penalized(
            double[] at, float[][] features, float[] targets, float[] shares, LogisticRegression prior, double l2) {
        int n = at.length - 1;
        double penalty = 0;
        for (int i = 0; i < n; i++) penalty += Math.pow(at[i] - prior.weights[i], 2);
        return new LogisticRegression(Arrays.copyOf(at, n), at[n]).loss(features, targets, shares) + l2 / 2 * penalty;
    }

    /** The probability of one text. */
    double probability(float[] features) {
        return 1 / (1 + Math.exp(-logit(features)));
    }

    /** The logit of one text. */
    double logit(float[] features) {
        double logit = bias;
        for (int i = 0; i < weights.length; i++) logit += weights[i] * features[i];
        return logit;
    }

    /**
     * Adds gradient and Hessian of the mean log loss, by matrix products of some texts at once, which take most of the
     * time.
     */
    private static void accumulate(
            float[][] features, float[] targets, double[] shares, double[] at, double[] gradient, double[][] hessian) {
        int n = at.length;
        INDArray weights = Nd4j.create(at, n, 1);
        INDArray gradients = Nd4j.zeros(DataType.DOUBLE, n, 1);
        INDArray curvatures = Nd4j.zeros(DataType.DOUBLE, n, n);
        for (int from = 0; from < features.length; from += TEXTS_AT_ONCE) {
            int size = Math.min(TEXTS_AT_ONCE, features.length - from);
            double[] values = new double[size * n];
            for (int text = 0; text < size; text++) {
                for (int i = 0; i < n - 1; i++) values[text * n + i] = features[from + text][i];
                values[text * n + n - 1] = 1; // the bias
            }
            INDArray x = Nd4j.create(values, size, n);
            double[] logits = x.mmul(weights).toDoubleVector();
            double[] errors = new double[size];
            double[] roots = new double[size];
            for (int text = 0; text < size; text++) {
                double p = 1 / (1 + Math.exp(-logits[text]));
                errors[text] = (p - targets[from + text]) * shares[from + text];
                roots[text] = Math.sqrt(p * (1 - p) * shares[from + text]);
            }
            gradients.addi(x.transpose().mmul(Nd4j.create(errors, size, 1)));
            INDArray scaled = x.muliColumnVector(Nd4j.create(roots, size, 1));
            curvatures.addi(scaled.transpose().mmul(scaled));
        }
        for (int i = 0; i < n; i++) {
            gradient[i] += gradients.getDouble(i);
            for (int j = 0; j <= i; j++) hessian[i][j] += curvatures.getDouble(i, j);
        }
    }

    /**
     * Solves matrix · x = values by Cholesky decomposition, in place. Only the lower triangle of the matrix is read.
     */
    private static double[] solve(double[][] matrix, double[] values) {
        int n = values.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) sum -= matrix[i][k] * matrix[j][k];
                matrix[i][j] = i == j ? Math.sqrt(sum) : sum / matrix[j][j];
            }
            double sum = values[i];
            for (int k = 0; k < i; k++) sum -= matrix[i][k] * values[k];
            values[i] = sum / matrix[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            for (int k = i + 1; k < n; k++) values[i] -= matrix[k][i] * values[k];
            values[i] /= matrix[i][i];
        }
        return values;
    }
}
