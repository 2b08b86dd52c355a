// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.trainer.network.BiLstm;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * How a model is trained: the network, the n-grams beside it, and the share of the teacher.
 *
 * @param epochs most passes over the training texts; at least 1
 * @param patience epochs without a lower validation loss after which training stops; at least 1
 * @param batchSize most texts in a step; at least 1
 * @param learningRate of the network's Adam at the first step; positive
 * @param linearDecay whether the learning rate falls linearly to zero over the epochs, or stays constant
 * @param frozen the layers that keep their parent's weights
 * @param ngramBuckets hash buckets of the n-grams, a power of two, or 0 for a network alone; a parent's n-grams keep
 *     their number
 * @param teacherShare the teacher's share in the network's target of a labelled text, in [0, 1]; the rest is the label;
 *     0 trains without a teacher
 * @param classBalance how far the weights of the classes balance their numbers when there are three, in [0, 1], see
 *     {@link io.deeptweet.trainer.data.Split#balanced}
 * @param seed of the initial weights, the order of the texts, and dropout
 */
public record Hyperparameters(
        int epochs,
        int patience,
        int batchSize,
        double learningRate,
        boolean linearDecay,
        Dropout dropout,
        FrozenLayers frozen,
        int ngramBuckets,
        double teacherShare,
        double classBalance,
        long seed) {
    /** The defaults of {@code train}, with which {@code v1-base} was trained. */
    public static final Hyperparameters FROM_SCRATCH = new Hyperparameters(
            8, 2, 256, 0.001, true, new Dropout(0.4, 0.1, 0.2), FrozenLayers.NONE, 1 << 21, 0.5, 1, 1);
    /** The defaults of {@code fine-tune}, with which {@code v2-modern} and {@code v3-live} were trained. */
    public static final Hyperparameters FINE_TUNING = new Hyperparameters(
            5, 2, 256, 0.0005, true, new Dropout(0.5, 0.1, 0.2), FrozenLayers.NONE, 1 << 21, 0.7, 1, 1);
    /** The default of {@code fine-tune --rehearsal}: earlier texts that are trained on for each new one. */
    public static final double REHEARSAL = 5;

    /**
     * What a training step leaves out at random, as shares in [0, 1).
     *
     * @param embedding share of the embedding's columns, the same for all tokens of a text
     * @param words share of the tokens that are read as unknown (Iyyer et al., Deep Unordered Composition Rivals
     *     Syntactic Methods for Text Classification, 2015, where whole words are left out)
     * @param dense share of the pooled units before the last layer
     */
    public record Dropout(double embedding, double words, double dense) {
        public Dropout {
            requireShare("embedding dropout", embedding);
            requireShare("word dropout", words);
            requireShare("dropout", dense);
        }

        private static void requireShare(String name, double share) {
            if (!(share >= 0 && share < 1))
                throw new IllegalArgumentException(name + " is " + share + ": use 0 or more and less than 1");
        }
    }

    public Hyperparameters {
        requirePositive("epochs", epochs);
        requirePositive("patience", patience);
        requirePositive("batch", batchSize);
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY))
            throw new IllegalArgumentException("learning rate is " + learningRate + ": use a number above 0");
        if (!(teacherShare >= 0 && teacherShare <= 1))
            throw new IllegalArgumentException("teacher share is " + teacherShare + ": use 0 to 1");
        if (!(classBalance >= 0 && classBalance <= 1))
            throw new IllegalArgumentException("class balance is " + classBalance + ": use 0 to 1");
        if (ngramBuckets < 0 || Integer.bitCount(ngramBuckets) > 1)
            throw new IllegalArgumentException(
                    "ngrams is " + ngramBuckets + ": use a power of two, or 0 for a network alone");
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) throw new IllegalArgumentException(name + " is " + value + ": use 1 or more");
    }

    /** The values by the names of the options of {@code train} and {@code fine-tune}. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("--epochs", epochs);
        settings.put("--patience", patience);
        settings.put("--batch", batchSize);
        settings.put("--learning-rate", learningRate);
        settings.put("--schedule", linearDecay ? "linear" : "constant");
        settings.put("--embedding-dropout", dropout.embedding);
        settings.put("--word-dropout", dropout.words);
        settings.put("--dropout", dropout.dense);
        settings.put("--freeze", frozen.name().toLowerCase(Locale.ROOT));
        settings.put("--ngrams", ngramBuckets);
        settings.put("--teacher-share", teacherShare);
        settings.put("--class-balance", classBalance);
        settings.put("--seed", seed);
        return settings;
    }

    /** What the network's optimizer needs for that many training texts. */
    BiLstm.Training optimizer(EncodedExamples train) {
        return new BiLstm.Training(
                learningRate,
                linearDecay ? TrainingRun.steps(train, this) : 0,
                dropout.embedding,
                dropout.dense,
                seed,
                frozen == FrozenLayers.EMBEDDING);
    }
}
