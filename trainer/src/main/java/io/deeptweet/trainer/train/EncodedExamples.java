// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Examples as rows of a vocabulary.
 *
 * @param rows (texts, each text's length) rows of the vocabulary
 * @param targets (texts, heads) target probabilities, in [0, 1]
 * @param weights (texts, heads) weights of the losses, 0 or more
 */
record EncodedExamples(int[][] rows, float[][] targets, float[][] weights) {
    private static final double LEAST = 1e-7;

    /**
     * Encodes examples.
     *
     * @param heads of the network: 1 or 2
     */
    static EncodedExamples of(List<Example> examples, Vocabulary vocabulary, int heads) {
        int[][] rows = new int[examples.size()][];
        float[][] targets = new float[examples.size()][heads];
        float[][] weights = new float[examples.size()][heads];
        for (int i = 0; i < rows.length; i++) {
            Example example = examples.get(i);
            rows[i] = vocabulary.rows(example.tokens(), Integer.MAX_VALUE);
            for (int head = 0; head < heads; head++) {
                targets[i][head] = example.target().of(head);
                weights[i][head] = example.target().weight(head);
            }
        }
        return new EncodedExamples(rows, targets, weights);
    }

    /** The texts with a target for a head. */
    int[] textsOf(int head) {
        return IntStream.range(0, size()).filter(i -> weights[i][head] > 0).toArray();
    }

    /** (texts) the targets of a head for some of the texts. */
    float[] targets(int head, int[] texts) {
        float[] some = new float[texts.length];
        for (int i = 0; i < some.length; i++) some[i] = targets[texts[i]][head];
        return some;
    }

    /** (texts) the weights of a head's losses for some of the texts. */
    float[] weights(int head, int[] texts) {
        float[] some = new float[texts.length];
        for (int i = 0; i < some.length; i++) some[i] = weights[texts[i]][head];
        return some;
    }

    /**
     * The mean loss of probabilities: the cross-entropy of each head times its weight, summed over the heads. For
     * labels of three classes that is the log loss of the classes.
     *
     * @param probabilities (texts, heads)
     */
    double loss(float[][] probabilities) {
        double sum = 0;
        for (int i = 0; i < size(); i++)
            for (int head = 0; head < probabilities[i].length; head++) {
                double p = Math.max(LEAST, Math.min(1 - LEAST, probabilities[i][head]));
                double target = targets[i][head];
                sum -= weights[i][head] * (target * Math.log(p) + (1 - target) * Math.log(1 - p));
            }
        return sum / size();
    }

    /**
     * The share of the texts whose class is predicted right: of three classes where the opinion has a target, else by
     * the polarity.
     *
     * @param probabilities (texts, heads)
     */
    double accuracy(float[][] probabilities) {
        int right = 0;
        for (int i = 0; i < size(); i++) if (predicted(probabilities[i], i) == predicted(targets[i], i)) right++;
        return (double) right / size();
    }

    private SentimentClass predicted(float[] probabilities, int text) {
        boolean three = probabilities.length > 1 && weights[text][1] > 0;
        return new Score(probabilities[0], three ? probabilities[1] : 1, "", 0, 0).sentiment();
    }

    int size() {
        return rows.length;
    }
}
