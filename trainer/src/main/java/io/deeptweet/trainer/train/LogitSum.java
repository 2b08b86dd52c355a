// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.network.BiLstm;
import java.util.List;

/**
 * The logit of a head as a weighted sum of the network's and the n-grams'. The weights are fitted on the validation
 * texts by logistic regression (Wolpert, Stacked Generalization, 1992); for a network alone that is Platt scaling. They
 * are multiplied into the last layer and the n-grams, so the model is calibrated as it stands.
 *
 * <p>Few validation texts must not make a model sure: the targets are Platt's, which leave one more text of each class
 * to be seen, and the weights have a Gaussian prior, whose influence falls with the number of texts.
 *
 * @param networkScale factor of the network's logit
 * @param ngramScale factor of the n-grams' logit; 0 without n-grams
 * @param bias that is added to both
 * @see <a href="https://www.researchgate.net/publication/2594015">Platt: Probabilistic Outputs for Support Vector
 *     Machines, 1999</a>
 */
record LogitSum(double networkScale, double ngramScale, double bias) {
    /** The sum that changes nothing. */
    static final LogitSum UNCHANGED = new LogitSum(1, 1, 0);

    private static final double PRIOR_VARIANCE = 10;
    private static final double LEAST_PROBABILITY = 1e-7;

    /**
     * Texts with the probabilities that the network gives them.
     *
     * @param probabilities (texts, heads)
     */
    record NetworkOutput(List<Example> examples, EncodedExamples encoded, float[][] probabilities) {
        static NetworkOutput of(List<Example> examples, Weights network, Vocabulary vocabulary) {
            EncodedExamples encoded =
                    EncodedExamples.of(examples, vocabulary, network.heads().size());
            return new NetworkOutput(examples, encoded, BiLstm.of(network).probabilities(encoded.rows()));
        }
    }

    /**
     * The texts that have a target for a head.
     *
     * @param logits (texts, 2) the network's and the n-grams'; (texts, 1) for a network alone
     * @param targets (texts) probabilities
     * @param shares (texts) weights of the losses
     */
    record Texts(float[][] logits, float[] targets, float[] shares) {
        /**
         * Computes the logits.
         *
         * @param network output that gives the first logits
         * @param ngrams (buckets) trained weights of this head; none for a network alone
         * @param negation whether n-grams in the scope of a negation are marked
         */
        static Texts of(NetworkOutput network, int head, float[] ngrams, boolean negation) {
            EncodedExamples encoded = network.encoded;
            int[] texts = encoded.textsOf(head);
            float[][] logits = new float[texts.length][];
            for (int i = 0; i < logits.length; i++) {
                float logit = logit(network.probabilities[texts[i]][head]);
                logits[i] = ngrams.length == 0
                        ? new float[] {logit}
                        : new float[] {
                            logit, (float) NgramRegression.logit(network.examples.get(texts[i]), ngrams, negation)
                        };
            }
            return new Texts(logits, encoded.targets(head, texts), encoded.weights(head, texts));
        }
    }

    /** Fits the weights of a head. No texts leave network and n-grams as they are. */
    static LogitSum fit(Texts texts) {
        if (texts.logits.length == 0) return UNCHANGED;
        boolean alone = texts.logits[0].length == 1;
        LogisticRegression sum = fit(texts.logits, texts, alone ? new double[] {1} : new double[] {0.5, 0.5});
        return new LogitSum(sum.weights()[0], alone ? 0 : sum.weights()[1], sum.bias());
    }

    /** The same proportion of network and n-grams, calibrated on other texts. */
    LogitSum calibrated(Texts texts) {
        if (texts.logits.length == 0) return this;
        float[][] sums = new float[texts.logits.length][1];
        for (int i = 0; i < sums.length; i++) {
            float[] logits = texts.logits[i];
            sums[i][0] = (float) (networkScale * logits[0] + (logits.length == 1 ? 0 : ngramScale * logits[1]) + bias);
        }
        LogisticRegression platt = fit(sums, texts, new double[] {1});
        double scale = platt.weights()[0];
        return new LogitSum(scale * networkScale, scale * ngramScale, scale * bias + platt.bias());
    }

    private static LogisticRegression fit(float[][] features, Texts texts, double[] prior) {
        return LogisticRegression.fit(
                features,
                plattTargets(texts),
                texts.shares,
                new LogisticRegression(prior, 0),
                1 / (PRIOR_VARIANCE * effective(texts.shares)));
    }

    private static float logit(float probability) {
        double p = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, probability));
        return (float) Math.log(p / (1 - p));
    }

    /** The number of texts of one weight that tell as much: (Σw)² / Σw². */
    private static double effective(float[] shares) {
        double sum = 0;
        double squares = 0;
        for (float share : shares) {
            sum += share;
            squares += share * share;
        }
        return sum * sum / squares;
    }

    /** The targets moved from 0 and 1 to 1 / (n₀ + 2) and (n₁ + 1) / (n₁ + 2), for n₀ and n₁ texts by weight. */
    private static float[] plattTargets(Texts texts) {
        double ones = 0;
        double all = 0;
        for (int i = 0; i < texts.targets.length; i++) {
            ones += texts.shares[i] * texts.targets[i];
            all += texts.shares[i];
        }
        double high = (ones + 1) / (ones + 2);
        double low = 1 / (all - ones + 2);
        float[] moved = new float[texts.targets.length];
        for (int i = 0; i < moved.length; i++) moved[i] = (float) (low + texts.targets[i] * (high - low));
        return moved;
    }

    /**
     * The head whose logit is this sum.
     *
     * @param network the head of the network
     */
    Weights.Head applied(Weights.Head network, float[] ngrams) {
        return new Weights.Head(
                scaled(network.dense(), networkScale),
                (float) (network.bias() * networkScale + bias),
                scaled(ngrams, ngramScale));
    }

    private static float[] scaled(float[] values, double factor) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) scaled[i] = (float) (values[i] * factor);
        return scaled;
    }
}
