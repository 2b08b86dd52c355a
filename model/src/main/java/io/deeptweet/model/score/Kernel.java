// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.artefact.Weights;
import java.util.List;

/**
 * One direction of the LSTM with its part of the heads, compiled for scoring. The embedding no longer changes, so
 * embedding × input weights + bias is a table with one row per word, and a token needs only a look-up. What is left to
 * compute are the recurrent product and the gates.
 *
 * <p>A sigmoid is {@code (1 + tanh(x / 2)) / 2}. Compiling halves the columns of the sigmoids, which is exact, so that
 * one function serves all gates.
 *
 * <p>Immutable. The {@link Scratch} of the thread holds what changes while a text is read.
 */
abstract sealed class Kernel permits ScalarKernel, VectorKernel {
    final int units;
    /** Number of values of a token's outputs: the units, and zeros up to a whole number of vectors. */
    final int width;

    final int heads;

    private final float[] dense; // (heads, width)
    final boolean backwards;

    Kernel(Weights weights, boolean backwards, int width) {
        this.units = weights.units();
        this.width = width;
        this.heads = weights.heads().size();
        this.dense = new float[heads * width];
        this.backwards = backwards;
        List<Weights.Head> all = weights.heads();
        for (int head = 0; head < heads; head++)
            System.arraycopy(all.get(head).dense(), backwards ? units : 0, dense, head * width, units);
    }

    /**
     * Compiles one direction of the LSTM.
     *
     * @throws IllegalArgumentException if a value of the table is infinite or NaN
     */
    static Kernel compile(KernelKind kind, Weights weights, boolean backwards) {
        return switch (kind) {
            case SCALAR -> new ScalarKernel(weights, backwards);
            case VECTOR -> new VectorKernel(weights, backwards);
        };
    }

    /**
     * Checks the values of the table, since finite weights can overflow.
     *
     * @param from index of the table's first value
     * @throws IllegalArgumentException if a value is infinite or NaN
     */
    static void requireFinite(float[] table, int from) {
        for (int i = from; i < table.length; i++)
            if (!Float.isFinite(table[i]))
                throw new IllegalArgumentException("embedding × input weights + bias comes to " + table[i]);
    }

    /**
     * Adds this direction's part of the logits of a text: for each head the sum over the units of dense weight ×
     * largest output over the tokens. Leaves the outputs in {@link Scratch#outputs}, (length, width), in the order in
     * which this direction reads.
     *
     * @param rows of the vocabulary, in the order of the text
     * @param length number of rows to read; at least 1
     * @param logits (heads) at {@code to}
     */
    final void addLogits(int[] rows, int length, double[] logits, int to, Scratch scratch) {
        read(rows, length, scratch);
        addPooled(0, length, logits, to, scratch);
    }

    /**
     * Adds this direction's part of the logits of many texts.
     *
     * @param texts rows of the vocabulary; texts without rows are skipped
     * @param logits (texts, heads)
     */
    void addLogits(int[][] texts, double[] logits, Scratch scratch) {
        for (int i = 0; i < texts.length; i++)
            if (texts[i].length > 0) addLogits(texts[i], texts[i].length, logits, i * heads, scratch);
    }

    /** Computes the outputs of a text, (length, width). */
    abstract void read(int[] rows, int length, Scratch scratch);

    /**
     * Adds this direction's part of the logits of a text that was read.
     *
     * @param at index of the text's outputs, (length, width)
     * @param logits (heads) at {@code to}
     */
    final void addPooled(int at, int length, double[] logits, int to, Scratch scratch) {
        pool(scratch.outputs, at, length, scratch.pooled);
        for (int head = 0; head < heads; head++) logits[to + head] += product(scratch.pooled, dense, head * width);
    }

    /**
     * Finds the largest output of each unit.
     *
     * @param outputs (length, width) at {@code at}
     * @param pooled receives (width)
     */
    abstract void pool(float[] outputs, int at, int length, float[] pooled);

    /** The scalar product of the pooled outputs, (width), and the dense weights, (width) at {@code at}. */
    abstract double product(float[] pooled, float[] dense, int at);

    /**
     * Adds the terms of each unit to those of the token at which the unit's output is largest. Reads the outputs that
     * {@link #addLogits} has left.
     *
     * @param terms (heads, length)
     */
    final void addTerms(double[][] terms, int length, Scratch scratch) {
        float[] outputs = scratch.outputs;
        for (int j = 0; j < units; j++) {
            int largest = 0;
            for (int i = 1; i < length; i++) if (outputs[i * width + j] > outputs[largest * width + j]) largest = i;
            for (int head = 0; head < heads; head++)
                terms[head][token(largest, length)] += (double) dense[head * width + j] * outputs[largest * width + j];
        }
    }

    /** The token that this direction reads at a step; both count from 0. */
    final int token(int step, int length) {
        return backwards ? length - 1 - step : step;
    }
}
