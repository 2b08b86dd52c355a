// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.score.Ngrams;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Trains the weights of the hashed n-grams: a logistic regression by AdaGrad, which takes larger steps for rare
 * n-grams, with early stopping on validation loss.
 *
 * @param weights (buckets)
 * @param epochs after which the validation loss was lowest; 0 if the start weights were best
 * @see <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi, Hazan and Singer: Adaptive Subgradient Methods,
 *     2011</a>
 */
record NgramRegression(float[] weights, int epochs) {
    private static final int MOST_EPOCHS = 10;
    /** Best on Sentiment140's validation texts; half or twice as much loses a quarter of a percent. */
    private static final float LEARNING_RATE = 0.2f;
    /** First value of the sums of squared gradients, so that an n-gram's first step is not too large. */
    private static final float INITIAL_SQUARES = 0.01f;

    /**
     * Trains on the texts that have a target for a head.
     *
     * @param start (buckets) weights to start from; their number is a power of two
     * @param negation whether n-grams in the scope of a negation are marked
     * @param seed of the order of the texts
     */
    static NgramRegression fit(Split split, int head, float[] start, boolean negation, long seed) {
        Optimizer optimizer = new Optimizer(start.clone(), head, negation);
        List<Example> validation = ofHead(split.validation(), head);
        List<Example> order = new ArrayList<>(ofHead(split.train(), head));
        if (order.isEmpty() || validation.isEmpty()) return new NgramRegression(start, 0);
        Random random = new Random(seed);
        NgramRegression best = new NgramRegression(start, 0);
        double lowest = optimizer.loss(validation);
        for (int epoch = 1; epoch <= MOST_EPOCHS; epoch++) {
            Collections.shuffle(order, random);
            order.forEach(optimizer::step);
            double loss = optimizer.loss(validation);
            if (!(loss < lowest)) break;
            lowest = loss;
            best = new NgramRegression(optimizer.weights.clone(), epoch);
        }
        return best;
    }

    private static List<Example> ofHead(List<Example> examples, int head) {
        return examples.stream()
                .filter(example -> example.target().weight(head) > 0)
                .toList();
    }

    /** The logit of an example's n-grams. */
    static double logit(Example example, float[] weights, boolean negation) {
        return Ngrams.of(example.tokens(), weights.length, negation).logit(weights);
    }

    /** AdaGrad's state. */
    private static final class Optimizer {
        private final float[] weights;
        private final boolean negation;
        private final float[] squares;
        private final int head;
        private double bias;
        private double biasSquares = INITIAL_SQUARES;

        Optimizer(float[] weights, int head, boolean negation) {
            this.weights = weights;
            this.head = head;
            this.negation = negation;
            this.squares = new float[weights.length];
            Arrays.fill(squares, INITIAL_SQUARES);
        }

        void step(Example example) {
            Ngrams ngrams = Ngrams.of(example.tokens(), weights.length, negation);
            double error = example.target().weight(head)
                    * (1 / (1 + Math.exp(-bias - ngrams.logit(weights)))
                            - example.target().of(head));
            int[] buckets = ngrams.buckets();
            for (int i = 0; i < buckets.length; i++) {
                float gradient = (float) (error * ngrams.scale(i < ngrams.words()));
                squares[buckets[i]] += gradient * gradient;
                weights[buckets[i]] -= LEARNING_RATE * gradient / (float) Math.sqrt(squares[buckets[i]]);
            }
            biasSquares += error * error;
            bias -= LEARNING_RATE * error / Math.sqrt(biasSquares);
        }

        double loss(List<Example> examples) {
            double sum = 0;
            double all = 0;
            for (Example example : examples) {
                double weight = example.target().weight(head);
                all += weight;
                double logit = bias + NgramRegression.logit(example, weights, negation);
                sum += weight * Math.log1p(Math.exp(example.target().of(head) >= 0.5f ? -logit : logit));
            }
            return sum / all;
        }
    }
}
