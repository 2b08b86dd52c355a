// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import java.util.List;
import java.util.function.Function;

/**
 * The parameters of a model. Matrices are stored row by row. The arrays are shared with the caller: do not change them.
 *
 * @param words rows of the embedding, padding and unknown included
 * @param units LSTM units of each direction
 * @param embedding (words, {@code embeddingSize}): row 0 padding, row 1 unknown
 * @param forward the LSTM that reads from the first token to the last
 * @param backward the LSTM that reads from the last token to the first
 * @param dense (2 * units): the weight of each pooled unit, first the forward ones
 * @param denseBias bias of the dense layer
 * @param ngrams (buckets): the weight of each hashed n-gram; empty, or a power of two long
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
     * One direction of the LSTM. The columns are four blocks of {@code units}, one per gate, in DL4J's order: block
     * input (tanh), forget, output, input gate (sigmoid).
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

    /** Parameters of a model without n-grams. */
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

    /** The same network with another dense layer and other n-grams, which together give the logit. */
    public Weights withOutput(float[] dense, float denseBias, float[] ngrams) {
        return new Weights(words, embeddingSize, units, embedding, forward, backward, dense, denseBias, ngrams);
    }

    /**
     * The mean of models of one shape. Values that are equal in all models stay bit for bit the same.
     *
     * @param all at least one model
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
