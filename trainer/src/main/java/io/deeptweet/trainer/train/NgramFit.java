// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.score.Ngrams;
import io.deeptweet.trainer.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Fits the weights of the n-grams beside the network: a logistic regression by AdaGrad, which lets rare n-grams learn
 * as fast as frequent ones, until the validation's loss falls no more.
 *
 * @param weights (buckets)
 * @param epochs after how many passes the validation's loss was lowest; 0 if it never fell
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan and Singer: Adaptive Subgradient Methods,
 *     2011</a>
 */
record NgramFit(float[] weights, int epochs) {
    private static final int MOST_EPOCHS = 10;
    /** What an n-gram's squared gradients begin with, so that its first step is no leap. */
    private static final float FIRST = 0.01f;

    /**
     * Fits.
     *
     * @param start (buckets) weights to begin with; a power of two of them
     * @param learningRate of AdaGrad
     */
    static NgramFit of(List<Example> train, List<Example> validation, float[] start, double learningRate, long seed) {
        Fit fit = new Fit(start.clone(), (float) learningRate);
        List<Example> order = new ArrayList<>(train);
        Random random = new Random(seed);
        NgramFit best = new NgramFit(start, 0);
        double lowest = fit.loss(validation);
        for (int epoch = 1; epoch <= MOST_EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            order.forEach(fit::learn);
            double loss = fit.loss(validation);
            if (!(loss < lowest)) break;
            lowest = loss;
            best = new NgramFit(fit.weights.clone(), epoch);
        }
        return best;
    }

    /** The logit of an example's n-grams. */
    static double logit(Example example, float[] weights) {
        return Ngrams.of(example.tokens(), weights.length).logit(weights);
    }

    private static final class Fit {
        private final float[] weights;
        private final float[] squares;
        private final float learningRate;
        private double bias;
        private double biasSquares = FIRST;

        Fit(float[] weights, float learningRate) {
            this.weights = weights;
            this.squares = new float[weights.length];
            this.learningRate = learningRate;
            Arrays.fill(squares, FIRST);
        }

        void learn(Example example) {
            Ngrams ngrams = Ngrams.of(example.tokens(), weights.length);
            double error = 1 / (1 + Math.exp(-bias - ngrams.logit(weights))) - example.target();
            int[] buckets = ngrams.buckets();
            for (int i = 0; i < buckets.length; i++) {
                float gradient = (float) (error * ngrams.scale(i < ngrams.words()));
                squares[buckets[i]] += gradient * gradient;
                weights[buckets[i]] -= learningRate * gradient / (float) Math.sqrt(squares[buckets[i]]);
            }
            biasSquares += error * error;
            bias -= learningRate * error / Math.sqrt(biasSquares);
        }

        double loss(List<Example> examples) {
            double sum = 0;
            for (Example example : examples) {
                double logit = bias + NgramFit.logit(example, weights);
                sum += Math.log1p(Math.exp(example.positive() ? -logit : logit));
            }
            return sum / examples.size();
        }
    }
}
