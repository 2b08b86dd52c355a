// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Arrays;

/**
 * The forward and backward pass of one direction of the LSTM, with max pooling, over a batch. Each text is a row of the
 * matrices, and each step is one matrix product for all texts. The input of a step is (output of the step before,
 * embedding, 1), so recurrent weights, input weights and bias are one matrix.
 *
 * <p>The arrays are kept from batch to batch. Not safe for use by several threads at once.
 */
final class LstmPass {
    private final TrainingKernel kernel;
    private final boolean backwards;
    private final boolean vectorsFrozen;
    private final int inputs; // the size of the embedding
    private final int units;
    private final int width; // units, padded
    private final int read; // values of a step's input: width + inputs + 1
    private final int row; // distance between the rows of the steps' inputs
    private final int gates; // 4 * width, padded
    private final int gradients; // values of a step's input that get a gradient, padded

    /** (row, gates) recurrent weights, input weights and bias; after the backward pass, their gradients. */
    private final float[] matrix;

    private final float[] weights; // the matrix in blocks
    private final float[] transposed; // (gates, gradients) the transposed matrix in blocks

    private TokenBatch batch;
    private float[] dropout;
    private int rows; // the batch's texts, padded

    private float[] steps = {}; // (length + 1, rows, row) the input of each step
    /** (length, rows, gates) the sums of the gates, then their values, then the gradients of the sums. */
    private float[] sums = {};

    private float[] cells = {}; // (length + 1, rows, width) the cells before each step
    private float[] largest = {}; // (rows, width) the largest outputs, then their gradients
    private float[] where = {}; // (rows, width) the step of each largest output
    private float[] stepGradients = {}; // (rows, gradients)
    private float[] cellGradients = {}; // (rows, width)
    private float[] vectorGradients = {}; // (distinct tokens, inputs)

    /**
     * Allocates the matrices of a direction.
     *
     * @param inputs the size of the embedding
     * @param backwards whether to read the last token first
     * @param vectorsFrozen whether to skip the gradient of the embedding
     */
    LstmPass(TrainingKernel kernel, int inputs, int units, boolean backwards, boolean vectorsFrozen) {
        this.kernel = kernel;
        this.backwards = backwards;
        this.vectorsFrozen = vectorsFrozen;
        this.inputs = inputs;
        this.units = units;
        this.width = padded(units, kernel.units());
        this.read = width + inputs + 1;
        this.row = width + padded(inputs + 1, TrainingKernel.ROWS) + TrainingKernel.ROWS;
        this.gates = padded(4 * width, kernel.columns());
        this.gradients = padded(vectorsFrozen ? width : width + inputs, kernel.columns());
        this.matrix = new float[row * gates];
        this.weights = new float[row * gates];
        this.transposed = new float[gates * gradients];
    }

    private static int padded(int size, int to) {
        return (size + to - 1) / to * to;
    }

    /**
     * Sets the weights. The gates are in DL4J's order: block input, forget, output, input gate.
     *
     * @param input (inputs, 4 * units)
     * @param recurrent (units, 4 * units)
     * @param bias (4 * units)
     */
    void load(float[] input, float[] recurrent, float[] bias) {
        for (int i = 0; i < units; i++) spread(recurrent, i * 4 * units, i);
        for (int i = 0; i < inputs; i++) spread(input, i * 4 * units, width + i);
        spread(bias, 0, width + inputs);
        int block = kernel.columns();
        for (int j = 0; j < gates; j += block)
            for (int i = 0; i < read; i++)
                System.arraycopy(matrix, i * gates + j, weights, j * read + i * block, block);
        for (int from = 0; from < gradients; from += block) {
            int to = Math.min(from + block, read);
            for (int j = 0; j < gates; j++)
                for (int i = from; i < to; i++) transposed[from * gates + j * block + i - from] = matrix[i * gates + j];
        }
    }

    private void spread(float[] values, int from, int row) {
        for (int gate = 0; gate < 4; gate++)
            System.arraycopy(values, from + gate * units, matrix, row * gates + gate * width, units);
    }

    /**
     * Runs the forward pass. {@link #pooled} gives the result.
     *
     * @param vectors (distinct tokens, inputs) the embeddings of the batch
     * @param dropout (texts, inputs) the factors of the inputs; null for no dropout
     * @param training whether {@link #gradients} follows, which needs all steps; otherwise only two are kept
     */
    void forward(TokenBatch batch, float[] vectors, float[] dropout, boolean training) {
        this.batch = batch;
        this.dropout = dropout;
        this.rows = padded(batch.size(), TrainingKernel.ROWS);
        int kept = training ? batch.length() : 1;
        steps = atLeast(steps, (kept + 1) * rows * row);
        sums = atLeast(sums, kept * rows * gates);
        cells = atLeast(cells, (kept + 1) * rows * width);
        largest = atLeast(largest, rows * width);
        where = atLeast(where, rows * width);
        Arrays.fill(cells, 0, rows * width, 0);
        Arrays.fill(largest, 0, rows * width, Float.NEGATIVE_INFINITY);
        for (int step = 0; step < batch.length(); step++) {
            int texts = batch.reaching(step);
            int here = training ? step : step & 1;
            int next = training ? step + 1 : 1 - here;
            int from = here * rows * row;
            int to = training ? step * rows * gates : 0;
            for (int i = 0; i < texts; i++) read(i, step, vectors, from + i * row + width);
            int skipped = step == 0 ? width : 0; // the output before the first step is 0
            kernel.multiply(
                    steps,
                    from + skipped,
                    row,
                    1,
                    weights,
                    skipped * kernel.columns(),
                    read * kernel.columns(),
                    kernel.columns(),
                    sums,
                    to,
                    gates,
                    padded(texts, TrainingKernel.ROWS),
                    gates,
                    read - skipped,
                    false);
            for (int i = 0; i < texts; i++) {
                kernel.gates(
                        sums,
                        to + i * gates,
                        cells,
                        (here * rows + i) * width,
                        (next * rows + i) * width,
                        steps,
                        (next * rows + i) * row,
                        largest,
                        where,
                        i * width,
                        step,
                        width);
            }
        }
    }

    private void read(int text, int step, float[] vectors, int to) {
        int from = token(text, step) * inputs;
        if (dropout == null) System.arraycopy(vectors, from, steps, to, inputs);
        else multiply(vectors, from, dropout, text * inputs, steps, to, inputs);
        steps[to + inputs] = 1;
    }

    private int token(int text, int step) {
        return batch.token(text, backwards ? batch.length(text) - 1 - step : step);
    }

    private static void multiply(float[] a, int aFrom, float[] b, int bFrom, float[] to, int toFrom, int size) {
        for (int i = 0; i < size; i++) to[toFrom + i] = a[aFrom + i] * b[bFrom + i];
    }

    private static void addProduct(float[] a, int aFrom, float[] b, int bFrom, float[] to, int toFrom, int size) {
        for (int i = 0; i < size; i++) to[toFrom + i] += a[aFrom + i] * b[bFrom + i];
    }

    private static void add(float[] a, int aFrom, float[] to, int toFrom, int size) {
        for (int i = 0; i < size; i++) to[toFrom + i] += a[aFrom + i];
    }

    /** Copies the largest output of each unit over the tokens of a text. */
    void pooled(int text, float[] to, int toFrom) {
        System.arraycopy(largest, text * width, to, toFrom, units);
    }

    /**
     * Runs the backward pass after a {@link #forward} in training. It overwrites the steps and the weights.
     *
     * @param pooled (texts, size) the gradients of the largest outputs, at {@code from} in each row
     */
    void gradients(float[] pooled, int from, int size) {
        stepGradients = atLeast(stepGradients, rows * gradients);
        cellGradients = atLeast(cellGradients, rows * width);
        if (!vectorsFrozen) {
            vectorGradients = atLeast(vectorGradients, batch.distinct() * inputs);
            Arrays.fill(vectorGradients, 0, batch.distinct() * inputs, 0);
        }
        Arrays.fill(matrix, 0);
        Arrays.fill(stepGradients, 0, rows * gradients, 0);
        Arrays.fill(cellGradients, 0, rows * width, 0);
        for (int i = 0; i < batch.size(); i++) System.arraycopy(pooled, i * size + from, largest, i * width, units);
        int block = kernel.columns();
        for (int step = batch.length() - 1; step >= 0; step--) {
            int texts = batch.reaching(step);
            int at = step * rows * gates;
            for (int i = 0; i < texts; i++) {
                kernel.gateGradients(
                        sums,
                        at + i * gates,
                        cells,
                        (step * rows + i) * width,
                        ((step + 1) * rows + i) * width,
                        stepGradients,
                        i * gradients,
                        cellGradients,
                        largest,
                        where,
                        i * width,
                        step,
                        width);
            }
            int skipped = step == 0 ? width : 0; // the output before the first step is 0
            kernel.multiply(
                    steps,
                    step * rows * row + skipped,
                    1,
                    row,
                    sums,
                    at,
                    block,
                    gates,
                    matrix,
                    skipped * gates,
                    gates,
                    padded(read - skipped, TrainingKernel.ROWS),
                    gates,
                    texts,
                    true);
            if (step == 0 && vectorsFrozen) break;
            int padded = padded(texts, TrainingKernel.ROWS);
            int first = skipped / block * block;
            kernel.multiply(
                    sums,
                    at,
                    gates,
                    1,
                    transposed,
                    first * gates,
                    block * gates,
                    block,
                    stepGradients,
                    first,
                    gradients,
                    padded,
                    gradients - first,
                    gates,
                    false);
            // Texts that end before this step have no gradient from later steps.
            Arrays.fill(stepGradients, texts * gradients, padded * gradients, 0);
            for (int i = 0; !vectorsFrozen && i < texts; i++) {
                int to = token(i, step) * inputs;
                if (dropout == null) add(stepGradients, i * gradients + width, vectorGradients, to, inputs);
                else addProduct(stepGradients, i * gradients + width, dropout, i * inputs, vectorGradients, to, inputs);
            }
        }
    }

    /** Adds the gradient of the embedding of a token to an array. */
    void addVectorGradient(int token, float[] to) {
        add(vectorGradients, token * inputs, to, 0, inputs);
    }

    /** Copies the gradients of the weights, in the shapes of {@link #load}. */
    void weightGradients(float[] input, float[] recurrent, float[] bias) {
        for (int i = 0; i < units; i++) gather(i, recurrent, i * 4 * units);
        for (int i = 0; i < inputs; i++) gather(width + i, input, i * 4 * units);
        gather(width + inputs, bias, 0);
    }

    private void gather(int row, float[] values, int to) {
        for (int gate = 0; gate < 4; gate++)
            System.arraycopy(matrix, row * gates + gate * width, values, to + gate * units, units);
    }

    private static float[] atLeast(float[] values, int size) {
        return values.length >= size ? values : new float[size + size / 4];
    }
}
