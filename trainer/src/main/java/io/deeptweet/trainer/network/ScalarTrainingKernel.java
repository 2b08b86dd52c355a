// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import java.util.Arrays;

/**
 * The arithmetic in plain Java. It defines the results of {@link VectorTrainingKernel}. The JIT compiler can turn its
 * loops into vector instructions.
 */
final class ScalarTrainingKernel implements TrainingKernel {
    @Override
    public int columns() {
        return 64;
    }

    @Override
    public int units() {
        return 1;
    }

    @Override
    public void multiply(
            float[] a,
            int aFrom,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            int bBlock,
            int bRow,
            float[] c,
            int cFrom,
            int cRow,
            int rows,
            int columns,
            int depth,
            boolean add) {
        for (int j = 0; j < columns; j += columns()) {
            for (int i = 0; i < rows; i++) {
                int to = cFrom + i * cRow + j;
                if (!add) Arrays.fill(c, to, to + columns(), 0);
                int from = bFrom + j / columns() * bBlock;
                int k = 0;
                for (; k + 4 <= depth; k += 4) {
                    int at = aFrom + i * aRow + k * aColumn;
                    addFour(
                            c,
                            to,
                            columns(),
                            a[at],
                            a[at + aColumn],
                            a[at + 2 * aColumn],
                            a[at + 3 * aColumn],
                            b,
                            from + k * bRow,
                            bRow);
                }
                for (; k < depth; k++) addOne(c, to, columns(), a[aFrom + i * aRow + k * aColumn], b, from + k * bRow);
            }
        }
    }

    /** Adds four rows, so that each value of the result is loaded and stored once for four products. */
    private static void addFour(
            float[] c, int to, int columns, float x0, float x1, float x2, float x3, float[] b, int b0, int bRow) {
        int b1 = b0 + bRow;
        int b2 = b1 + bRow;
        int b3 = b2 + bRow;
        for (int j = 0; j < columns; j++)
            c[to + j] += x0 * b[b0 + j] + x1 * b[b1 + j] + (x2 * b[b2 + j] + x3 * b[b3 + j]);
    }

    private static void addOne(float[] c, int to, int columns, float x, float[] b, int from) {
        for (int j = 0; j < columns; j++) c[to + j] += x * b[from + j];
    }

    @Override
    public void gates(
            float[] gates,
            int gatesFrom,
            float[] cells,
            int before,
            int after,
            float[] outputs,
            int outputsFrom,
            float[] largest,
            float[] where,
            int largestFrom,
            float step,
            int units) {
        for (int j = gatesFrom; j < gatesFrom + units; j++) gates[j] = tanh(gates[j]);
        for (int j = gatesFrom + units; j < gatesFrom + 4 * units; j++) gates[j] = 0.5f + 0.5f * tanh(0.5f * gates[j]);
        int forget = gatesFrom + units;
        int output = forget + units;
        int input = output + units;
        for (int j = 0; j < units; j++) {
            float cell = gates[forget + j] * cells[before + j] + gates[gatesFrom + j] * gates[input + j];
            cells[after + j] = cell;
            outputs[outputsFrom + j] = gates[output + j] * tanh(cell);
        }
        for (int j = 0; j < units; j++) {
            if (outputs[outputsFrom + j] > largest[largestFrom + j]) {
                largest[largestFrom + j] = outputs[outputsFrom + j];
                where[largestFrom + j] = step;
            }
        }
    }

    @Override
    public void gateGradients(
            float[] gates,
            int gatesFrom,
            float[] cells,
            int before,
            int after,
            float[] outputs,
            int outputsFrom,
            float[] cell,
            float[] largest,
            float[] where,
            int unitsFrom,
            float step,
            int units) {
        int forget = gatesFrom + units;
        int output = forget + units;
        int input = output + units;
        for (int j = 0; j < units; j++) {
            float a = gates[gatesFrom + j];
            float f = gates[forget + j];
            float o = gates[output + j];
            float i = gates[input + j];
            float squashed = tanh(cells[after + j]);
            float dOutput = outputs[outputsFrom + j] + (where[unitsFrom + j] == step ? largest[unitsFrom + j] : 0);
            float dCell = cell[unitsFrom + j] + dOutput * o * (1 - squashed * squashed);
            gates[gatesFrom + j] = dCell * i * (1 - a * a);
            gates[forget + j] = dCell * cells[before + j] * f * (1 - f);
            gates[output + j] = dOutput * squashed * o * (1 - o);
            gates[input + j] = dCell * a * i * (1 - i);
            cell[unitsFrom + j] = dCell * f;
        }
    }

    /**
     * Approximates tanh by an odd polynomial of degree 13 over an even one of degree 6. The error is at most 4e-7.
     *
     * @see <a href="https://eigen.tuxfamily.org">Eigen, MathFunctionsImpl.h</a>, {@code generic_fast_tanh_float}, whose
     *     coefficients these are
     */
    private static float tanh(float value) {
        float x = Math.max(-7.90531110763549805f, Math.min(7.90531110763549805f, value));
        float s = x * x;
        float p = -2.76076847742355e-16f;
        p = p * s + 2.00018790482477e-13f;
        p = p * s + -8.60467152213735e-11f;
        p = p * s + 5.12229709037114e-08f;
        p = p * s + 1.48572235717979e-05f;
        p = p * s + 6.37261928875436e-04f;
        p = p * s + 4.89352455891786e-03f;
        float q = 1.19825839466702e-06f;
        q = q * s + 1.18534705686654e-04f;
        q = q * s + 2.26843463243900e-03f;
        q = q * s + 4.89352518554385e-03f;
        return x * p / q;
    }
}
