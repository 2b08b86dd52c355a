// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.Tokens;

/**
 * What a thread works with while it scores, so that a text costs no new memory. It holds nothing of a model, so none
 * outlives its swap, and grows to what the largest model wanted, some ten kilobytes.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    final Tokens tokens = new Tokens();
    /** Of the tokens, in the vocabulary. */
    int[] rows = {};

    private int[] buckets = {};
    /** Sums before and gates after the function, 4 * width for each text that is read at the same time. */
    float[] gates = {};
    /** The cells, width for each text. */
    float[] cells = {};
    /** (length, width) for each text. */
    float[] outputs = {};

    /** What {@link VectorKernel} has fetched; nobody's business. */
    float fetched;

    private Scratch() {}

    /** This thread's, as the last text left it. */
    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** Room for so many buckets of n-grams. */
    int[] buckets(int most) {
        if (buckets.length < most) buckets = new int[2 * most];
        return buckets;
    }

    /** Makes room for texts that are read at the same time. */
    void reserve(int texts, int length, int width) {
        if (gates.length < texts * 4 * width) gates = new float[texts * 4 * width];
        if (cells.length < texts * width) cells = new float[texts * width];
        if (outputs.length < texts * length * width) outputs = new float[texts * length * width];
    }
}
