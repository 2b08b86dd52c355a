// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import java.util.List;
import java.util.function.Function;

/**
 * The parameters of the network. Matrices are row by row; arrays are shared with whoever made this value and are not to
 * be changed.
 *
 * @param embedding (words, {@code embeddingSize}): row 0 padding, row 1 unknown
 * @param forward the LSTM that reads from the first token to the last
 * @param backward the LSTM that reads from the last token to the first
 * @param dense (2 * units): the weight of each pooled unit, first the forward ones
 * @param ngrams (buckets): the weight of each n-gram beside the network, by the bucket that it is hashed into; none, or
 *     a power of two
 */
public record Weights(
        int words,
        int embeddingSize,
        int units,
        float[] embedding,
        Lstm forward,
        Lstm backward,
        float[] dense,
        float denseBias,
        float[] ngrams) {
    /**
     * One direction of the LSTM. The gates stand in DL4J's order, a block of {@code units} columns each: block input
     * (tanh), forget, output, input gate (sigmoid).
     *
     * @param input (embeddingSize, 4 * units)
     * @param recurrent (units, 4 * units)
     * @param bias (4 * units)
     */
    public record Lstm(float[] input, float[] recurrent, float[] bias) {}

    public Weights {
        expect("embedding", embedding, (long) words * embeddingSize);
        for (Lstm lstm : new Lstm[] {forward, backward}) {
            expect("lstm input", lstm.input, 4L * embeddingSize * units);
            expect("lstm recurrent", lstm.recurrent, 4L * units * units);
            expect("lstm bias", lstm.bias, 4L * units);
        }
        expect("dense", dense, 2L * units);
        if (Integer.bitCount(ngrams.length) > 1)
            throw new IllegalArgumentException("ngrams has " + ngrams.length + " values, needs none or a power of two");
    }

    /** A network without n-grams beside it. */
    public Weights(
            int words,
            int embeddingSize,
            int units,
            float[] embedding,
            Lstm forward,
            Lstm backward,
            float[] dense,
            float denseBias) {
        this(words, embeddingSize, units, embedding, forward, backward, dense, denseBias, new float[0]);
    }

    /** The same network with another sum at its end. */
    public Weights withSum(float[] dense, float denseBias, float[] ngrams) {
        return new Weights(words, embeddingSize, units, embedding, forward, backward, dense, denseBias, ngrams);
    }

    /**
     * The mean of networks of one shape; what is the same in all stays bit for bit.
     *
     * @param all at least one
     */
    public static Weights mean(List<Weights> all) {
        Weights first = all.get(0);
        return new Weights(
                first.words,
                first.embeddingSize,
                first.units,
                mean(all, Weights::embedding),
                meanLstm(all, Weights::forward),
                meanLstm(all, Weights::backward),
                mean(all, Weights::dense),
                mean(all, weights -> new float[] {weights.denseBias})[0],
                mean(all, Weights::ngrams));
    }

    private static Lstm meanLstm(List<Weights> all, Function<Weights, Lstm> of) {
        return new Lstm(
                mean(all, of.andThen(Lstm::input)),
                mean(all, of.andThen(Lstm::recurrent)),
                mean(all, of.andThen(Lstm::bias)));
    }

    private static float[] mean(List<Weights> all, Function<Weights, float[]> of) {
        float[] mean = new float[of.apply(all.get(0)).length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (Weights weights : all) sum += of.apply(weights)[i];
            mean[i] = (float) (sum / all.size());
        }
        return mean;
    }

    private static void expect(String what, float[] values, long size) {
        if (values.length != size)
            throw new IllegalArgumentException(what + " has " + values.length + " values, needs " + size);
    }
}
