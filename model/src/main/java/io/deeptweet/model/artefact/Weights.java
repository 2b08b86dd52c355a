// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The parameters of a model: an encoder, and one or two heads on it. Matrices are stored row by row. The arrays are
 * shared with the caller: do not change them.
 *
 * @param words rows of the embedding, padding and unknown included
 * @param units LSTM units of each direction
 * @param embedding (words, {@code embeddingSize}): row 0 padding, row 1 unknown
 * @param forward the LSTM that reads from the first token to the last
 * @param backward the LSTM that reads from the last token to the first
 * @param heads the polarity, P(positive | opinionated); and of a model of three classes then the opinion,
 *     P(opinionated)
 * @param negation whether n-grams in the scope of a negation have buckets of their own
 */
public record Weights(
        int words,
        int embeddingSize,
        int units,
        float[] embedding,
        Lstm forward,
        Lstm backward,
        List<Head> heads,
        boolean negation) {
    /** Maximum number of heads. */
    static final int MOST_HEADS = 2;

    /**
     * One direction of the LSTM. The columns are four blocks of {@code units}, one per gate, in DL4J's order: block
     * input (tanh), forget, output, input gate (sigmoid).
     *
     * @param input (embeddingSize, 4 * units)
     * @param recurrent (units, 4 * units)
     * @param bias (4 * units)
     */
    public record Lstm(float[] input, float[] recurrent, float[] bias) {}

    /**
     * What gives one logit: the sum of bias, pooled outputs × dense weights, and n-grams.
     *
     * @param dense (2 * units): the weight of each pooled unit, first the forward ones
     * @param ngrams (buckets): the weight of each hashed n-gram; empty, or a power of two long
     */
    public record Head(float[] dense, float bias, float[] ngrams) {
        public Head {
            if (Integer.bitCount(ngrams.length) > 1)
                throw new IllegalArgumentException(
                        "ngrams has " + ngrams.length + " values, needs none or a power of two");
        }

        /** A head without n-grams. */
        public Head(float[] dense, float bias) {
            this(dense, bias, new float[0]);
        }

        /** The same weights with another bias. */
        public Head withBias(float bias) {
            return new Head(dense, bias, ngrams);
        }

        /** The same weights with other n-grams. */
        public Head withNgrams(float[] ngrams) {
            return new Head(dense, bias, ngrams);
        }
    }

    public Weights {
        expect("embedding", embedding, (long) words * embeddingSize);
        for (Lstm lstm : new Lstm[] {forward, backward}) {
            expect("lstm input", lstm.input, 4L * embeddingSize * units);
            expect("lstm recurrent", lstm.recurrent, 4L * units * units);
            expect("lstm bias", lstm.bias, 4L * units);
        }
        heads = List.copyOf(heads);
        if (heads.isEmpty() || heads.size() > MOST_HEADS)
            throw new IllegalArgumentException("a model has one or two heads, not " + heads.size());
        for (Head head : heads) {
            expect("dense", head.dense, 2L * units);
            expect("ngrams", head.ngrams, heads.get(0).ngrams.length);
        }
    }

    /** Weights without marks of negation. */
    public Weights(
            int words, int embeddingSize, int units, float[] embedding, Lstm forward, Lstm backward, List<Head> heads) {
        this(words, embeddingSize, units, embedding, forward, backward, heads, false);
    }

    /** The head of P(positive | opinionated). */
    public Head polarity() {
        return heads.get(0);
    }

    /** The head of P(opinionated); empty in a model of two classes. */
    public Optional<Head> opinion() {
        return heads.stream().skip(1).findFirst();
    }

    /** Number of buckets of n-grams, the same in all heads; 0 without n-grams. */
    public int buckets() {
        return polarity().ngrams.length;
    }

    /** The same encoder with other heads. */
    public Weights withHeads(List<Head> heads) {
        return new Weights(words, embeddingSize, units, embedding, forward, backward, heads, negation);
    }

    /** The same weights, of n-grams with or without marks of negation. */
    public Weights withNegation(boolean negation) {
        return new Weights(words, embeddingSize, units, embedding, forward, backward, heads, negation);
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
                IntStream.range(0, first.heads.size())
                        .mapToObj(head -> meanHead(all, weights -> weights.heads.get(head)))
                        .toList(),
                first.negation);
    }

    private static Head meanHead(List<Weights> all, Function<Weights, Head> of) {
        return new Head(
                mean(all, of.andThen(Head::dense)),
                mean(all, of.andThen(head -> new float[] {head.bias}))[0],
                mean(all, of.andThen(Head::ngrams)));
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
