// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.TokenBuffer;

/**
 * The working memory of a thread that scores, so that scoring a text allocates little. It refers to no model, so a
 * replaced model can be collected. It grows to what the largest model needs, some ten kilobytes.
 */
final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    final TokenBuffer tokens = new TokenBuffer();
    /** Row of each token in the vocabulary. */
    int[] rows = {};
    /** The logit of each head. */
    final double[] logits = new double[2];
    /** The sum of each head's weights of n-grams. */
    final double[] sums = new double[2];

    private int[] buckets = {};
    private int[] marks = {};
    /** The sums of the gates, then their values: 4 * width for each text that is read at the same time. */
    float[] gates = {};
    /** The cells: width for each text. */
    float[] cells = {};
    /** The outputs: (length, width) for each text. */
    float[] outputs = {};
    /** The largest outputs of a text: width. */
    float[] pooled = {};

    /** A sink that keeps the JIT compiler from removing the prefetch of {@link VectorKernel}. */
    float prefetchSink;

    private Scratch() {}

    /** The working memory of this thread, with the contents of its last text. */
    static Scratch ofThread() {
        return OF_THREAD.get();
    }

    /** An array for at least so many buckets of n-grams. */
    int[] buckets(int size) {
        if (buckets.length < size) buckets = new int[2 * size];
        return buckets;
    }

    /** An array for the marks of at least so many tokens. */
    int[] marks(int size) {
        if (marks.length < size) marks = new int[2 * size];
        return marks;
    }

    /** Makes room for texts that are read at the same time, each of up to {@code length} tokens. */
    void reserve(int texts, int length, int width) {
        if (gates.length < texts * 4 * width) gates = new float[texts * 4 * width];
        if (cells.length < texts * width) cells = new float[texts * width];
        if (pooled.length < width) pooled = new float[width];
        if (outputs.length < texts * length * width) outputs = new float[texts * length * width];
    }
}
