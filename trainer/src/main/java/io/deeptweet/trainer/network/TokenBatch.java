// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Texts that go through the network together, the longest first, so that those which reach a step are the first ones.
 * Each token that they hold is numbered, from 0.
 */
final class TokenBatch {
    private final int[] order; // the place that each text came in
    private final int[][] tokens; // (texts, each text's length)
    private final int[] reaching; // (length)
    private final int[] rows; // (distinct tokens) of the vocabulary

    /**
     * Reads a batch.
     *
     * @param features (texts, length): rows of the vocabulary
     * @param mask (texts, length): 1 for a text's tokens, then 0; null if all are tokens
     * @param words rows that the vocabulary has
     * @throws IllegalArgumentException if a row is not in the vocabulary, or a text has no tokens or a gap
     */
    TokenBatch(INDArray features, INDArray mask, int words) {
        if (features.rank() != 2)
            throw new IllegalArgumentException("a batch is (texts, length), not " + Arrays.toString(features.shape()));
        if (mask != null && !mask.equalShapes(features))
            throw new IllegalArgumentException("a mask has its texts' shape " + Arrays.toString(features.shape())
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
                        "the mask of text " + text + " is no row of ones and then zeros: " + Arrays.toString(mask));
        if (length == 0) throw new IllegalArgumentException("text " + text + " has no tokens");
        return length;
    }

    int size() {
        return tokens.length;
    }

    /** Tokens of the longest text. */
    int length() {
        return reaching.length;
    }

    int length(int text) {
        return tokens[text].length;
    }

    /** How many texts have more tokens than that. */
    int reaching(int step) {
        return reaching[step];
    }

    /** The number of a text's token. */
    int token(int text, int at) {
        return tokens[text][at];
    }

    /** How many different tokens there are. */
    int distinct() {
        return rows.length;
    }

    /** The vocabulary's row of a token by its number. */
    int row(int token) {
        return rows[token];
    }

    /** In which place the text came. */
    int place(int text) {
        return order[text];
    }
}
