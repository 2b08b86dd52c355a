// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.network.BiLstm;
import java.util.List;

/**
 * The model's logit as a weighted sum of the network's and the n-grams'. The weights are fitted on the validation texts
 * by logistic regression (Wolpert, Stacked Generalization, 1992); for a network alone that is Platt scaling. They are
 * multiplied into the last layer and the n-grams, so the model is calibrated as it stands.
 *
 * @param networkScale factor of the network's logit
 * @param ngramScale factor of the n-grams' logit; 0 without n-grams
 * @param bias that is added to both
 */
record LogitSum(double networkScale, double ngramScale, double bias) {
    /** Almost none: three parameters cannot overfit the validation texts. */
    private static final double L2 = 1e-6;

    private static final double LEAST_PROBABILITY = 1e-7;

    /**
     * Fits the weights.
     *
     * @param ngrams (buckets) trained weights; none for a network alone
     */
    static LogitSum fit(Weights network, float[] ngrams, List<Example> examples, Vocabulary vocabulary) {
        EncodedExamples validation = EncodedExamples.of(examples, vocabulary);
        float[] probabilities = BiLstm.of(network).probabilities(validation.rows());
        float[][] logits = new float[examples.size()][];
        for (int i = 0; i < logits.length; i++) {
            double p = Math.max(LEAST_PROBABILITY, Math.min(1 - LEAST_PROBABILITY, probabilities[i]));
            float logit = (float) Math.log(p / (1 - p));
            logits[i] = ngrams.length == 0
                    ? new float[] {logit}
                    : new float[] {logit, (float) NgramRegression.logit(examples.get(i), ngrams, network.negation())};
        }
        LogisticRegression start = new LogisticRegression(new double[ngrams.length == 0 ? 1 : 2], 0);
        LogisticRegression sum = LogisticRegression.fit(logits, validation.targets(), start, L2);
        return new LogitSum(sum.weights()[0], ngrams.length == 0 ? 0 : sum.weights()[1], sum.bias());
    }

    /** The weights of a model whose logit is this sum. */
    Weights applied(Weights network, float[] ngrams) {
        Weights.Head head = network.polarity();
        return network.withHeads(List.of(new Weights.Head(
                scaled(head.dense(), networkScale),
                (float) (head.bias() * networkScale + bias),
                scaled(ngrams, ngramScale))));
    }

    private static float[] scaled(float[] values, double factor) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) scaled[i] = (float) (values[i] * factor);
        return scaled;
    }
}
