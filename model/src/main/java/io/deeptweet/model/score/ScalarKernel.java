// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;

/**
 * The kernel in plain Java. It defines the results of {@link VectorKernel}, and scores where the JVM has no Vector API.
 */
final class ScalarKernel extends Kernel {
    private final float[] table; // (words, 4 * units): block input, forget, output, input gate
    private final float[][] recurrent; // (units, 4 * units)

    ScalarKernel(Weights weights, boolean backwards) {
        super(weights, backwards, weights.units());
        Weights.Lstm lstm = backwards ? weights.backward() : weights.forward();
        int columns = 4 * units;
        int size = weights.embeddingSize();
        float[][] input = halved(lstm.input(), columns);
        float[] bias = halved(lstm.bias(), columns)[0];
        this.recurrent = halved(lstm.recurrent(), columns);
        this.table = new float[weights.words() * columns];
        float[] row = new float[columns];
        for (int word = 0; word < weights.words(); word++) {
            System.arraycopy(bias, 0, row, 0, columns);
            addProduct(row, weights.embedding(), word * size, size, input);
            System.arraycopy(row, 0, table, word * columns, columns);
        }
        requireFinite(table, 0);
    }

    @Override
    void read(int[] rows, int length, Scratch scratch) {
        scratch.reserve(1, length, units);
        float[] gates = scratch.gates;
        float[] cells = scratch.cells;
        float[] outputs = scratch.outputs;
        Arrays.fill(cells, 0, units, 0);
        for (int step = 0; step < length; step++) {
            System.arraycopy(table, rows[token(step, length)] * 4 * units, gates, 0, 4 * units);
            if (step > 0) addProduct(gates, outputs, (step - 1) * units, units, recurrent);
            FastTanh.apply(gates, 0, 4 * units);
            for (int j = 0; j < units; j++) {
                cells[j] =
                        0.5f * (cells[j] + gates[units + j] * cells[j] + (gates[j] + gates[3 * units + j] * gates[j]));
                outputs[step * units + j] = cells[j];
            }
            FastTanh.apply(outputs, step * units, (step + 1) * units);
            for (int j = 0; j < units; j++) outputs[step * units + j] *= 0.5f + 0.5f * gates[2 * units + j];
        }
    }

    @Override
    void pool(float[] outputs, int at, int length, float[] pooled) {
        System.arraycopy(outputs, at, pooled, 0, units);
        for (int step = 1; step < length; step++)
            for (int j = 0; j < units; j++) pooled[j] = Math.max(pooled[j], outputs[at + step * units + j]);
    }

    @Override
    double product(float[] pooled, float[] dense, int at) {
        double sum = 0;
        for (int j = 0; j < units; j++) sum += (double) dense[at + j] * pooled[j];
        return sum;
    }

    /** The rows of a matrix, with the columns of the sigmoids halved. */
    private static float[][] halved(float[] values, int columns) {
        float[][] rows = new float[values.length / columns][];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
            for (int j = columns / 4; j < columns; j++) rows[row][j] *= 0.5f;
        }
        return rows;
    }

    /**
     * {@code sum += x × matrix}, four rows at a time, so that each sum is loaded and stored once for four products.
     *
     * @param x (size) at {@code from}
     * @param matrix (size, columns)
     */
    private static void addProduct(float[] sum, float[] x, int from, int size, float[][] matrix) {
        int k = 0;
        for (; k + 4 <= size; k += 4) {
            addFour(
                    sum,
                    x[from + k],
                    matrix[k],
                    x[from + k + 1],
                    matrix[k + 1],
                    x[from + k + 2],
                    matrix[k + 2],
                    x[from + k + 3],
                    matrix[k + 3]);
        }
        for (; k < size; k++) {
            float[] row = matrix[k];
            for (int j = 0; j < row.length; j++) sum[j] += x[from + k] * row[j];
        }
    }

    /**
     * Accesses every array at the same index. Only then does the JIT compiler see that no store affects a later load,
     * and vectorises the loop.
     */
    private static void addFour(
            float[] sum,
            float a,
            float[] first,
            float b,
            float[] second,
            float c,
            float[] third,
            float d,
            float[] fourth) {
        for (int j = 0; j < first.length; j++) sum[j] += a * first[j] + b * second[j] + c * third[j] + d * fourth[j];
    }
}
