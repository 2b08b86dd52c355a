// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The texts of a batch, the longest first, so that at each step the texts that have not ended are the first ones. The
 * distinct tokens of the batch are numbered from 0.
 */
final class TokenBatch {
    private final int[] order; // (texts) index of each text in the features
    private final int[][] tokens; // (texts, length of the text) numbers of the tokens
    private final int[] reaching; // (length) number of texts that have a token at each step
    private final int[] rows; // (distinct tokens) rows of the vocabulary

    /**
     * Reads a batch.
     *
     * @param features (texts, length): rows of the vocabulary
     * @param mask (texts, length): 1 for the tokens of a text, then 0; null if nothing is masked
     * @param words number of rows of the vocabulary
     * @throws IllegalArgumentException if the shapes are wrong, a row is not in the vocabulary, or a text has no tokens
     *     or a gap
     */
    TokenBatch(INDArray features, INDArray mask, int words) {
        if (features.rank() != 2)
            throw new IllegalArgumentException("a batch is (texts, length), not " + Arrays.toString(features.shape()));
        if (mask != null && !mask.equalShapes(features))
            throw new IllegalArgumentException("a mask has the shape of its texts, " + Arrays.toString(features.shape())
                    + ", not " + Arrays.toString(mask.shape()));
        int size = (int) features.size(0);
        int longest = (int) features.size(1);
        float[] read = BiLstmEncoderLayer.values(features);
        int[] lengths = new int[size];
        Arrays.fill(lengths, longest);
        for (int i = 0; mask != null && i < size; i++)
            lengths[i] = length(mask.getRow(i).toFloatVector(), i);
        this.order = IntStream.range(0, size)
                .boxed()
                .sorted(Comparator.comparingInt(i -> -lengths[i]))
                .mapToInt(i -> i)
                .toArray();
        this.tokens = new int[size][];
        this.reaching = new int[lengths[order[0]]];
        int[] numbers = new int[words];
        int[] rows = new int[read.length];
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            tokens[i] = new int[lengths[order[i]]];
            for (int t = 0; t < tokens[i].length; t++) {
                int row = (int) read[order[i] * longest + t];
                if (row < 0 || row >= words)
                    throw new IllegalArgumentException("row " + row + " is not in a vocabulary of " + words);
                if (numbers[row] == 0) {
                    rows[distinct++] = row;
                    numbers[row] = distinct;
                }
                tokens[i][t] = numbers[row] - 1;
                reaching[t]++;
            }
        }
        this.rows = Arrays.copyOf(rows, distinct);
    }

    private static int length(float[] mask, int text) {
        int length = 0;
        while (length < mask.length && mask[length] == 1) length++;
        for (int t = length; t < mask.length; t++)
            if (mask[t] != 0)
                throw new IllegalArgumentException(
                        "the mask of text " + text + " is not ones followed by zeros: " + Arrays.toString(mask));
        if (length == 0) throw new IllegalArgumentException("text " + text + " has no tokens");
        return length;
    }

    /** Number of texts. */
    int size() {
        return tokens.length;
    }

    /** Number of tokens of the longest text. */
    int length() {
        return reaching.length;
    }

    /** Number of tokens of a text. */
    int length(int text) {
        return tokens[text].length;
    }

    /** Number of texts that have a token at a step, from 0. */
    int reaching(int step) {
        return reaching[step];
    }

    /** The number of the token at an index of a text. */
    int token(int text, int at) {
        return tokens[text][at];
    }

    /** Number of distinct tokens. */
    int distinct() {
        return rows.length;
    }

    /** The row of the vocabulary of a token, given by its number. */
    int row(int token) {
        return rows[token];
    }

    /** The index of a text in the features. */
    int place(int text) {
        return order[text];
    }
}
