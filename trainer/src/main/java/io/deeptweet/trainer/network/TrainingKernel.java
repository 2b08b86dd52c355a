// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The arithmetic of training an LSTM, on plain arrays: matrix products, the gates, and the gradients of the gates. A
 * matrix is a part of an array, given by its first index and the distance between its rows. Callers pad the rows to a
 * multiple of {@link #ROWS} and the columns to a multiple of {@link #columns}.
 */
interface TrainingKernel {
    /** The rows of a product are a multiple of this. */
    int ROWS = 6;

    /** The fastest kernel that this JVM runs. */
    static TrainingKernel fastest() {
        return Fastest.KERNEL;
    }

    /** A class of its own, so that the choice is made and logged once. */
    final class Fastest {
        private static final Logger LOG = LoggerFactory.getLogger(TrainingKernel.class);
        private static final TrainingKernel KERNEL = choose();

        private Fastest() {}

        private static TrainingKernel choose() {
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) return new VectorTrainingKernel();
            LOG.info("Training in plain Java, which is several times slower than with vector instructions: "
                    + "start java with --add-modules jdk.incubator.vector");
            return new ScalarTrainingKernel();
        }
    }

    /** The columns of a product are a multiple of this. */
    int columns();

    /** The units of the gates are a multiple of this. */
    int units();

    /**
     * Computes {@code c = a · b} or {@code c += a · b}.
     *
     * @param a (rows, depth): the value (i, k) is at {@code aFrom + i * aRow + k * aColumn}, so a matrix can be read
     *     transposed
     * @param b (depth, columns) in blocks of {@link #columns} columns: block j starts at {@code bFrom + j * bBlock},
     *     and its rows are {@code bRow} apart. Blocks stored one after the other are fastest; for an ordinary matrix,
     *     {@code bBlock} is the width of a block
     * @param c (rows, columns)
     * @param add whether to add to {@code c}
     */
    void multiply(
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
            boolean add);

    /**
     * Computes one step of one text, forward.
     *
     * @param gates (4 * units) at {@code gatesFrom}: the sums of block input, forget, output and input gate; receives
     *     the values of the gates
     * @param cells (units) at {@code before}: the cells before the step; receives those after it at {@code after}
     * @param outputs receives the outputs (units) at {@code outputsFrom}
     * @param largest (units) at {@code largestFrom}: the largest outputs so far; receives larger ones
     * @param where (units) at {@code largestFrom}: the step of each largest output; receives this step for larger ones
     */
    void gates(
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
            int units);

    /**
     * Computes one step of one text, backward.
     *
     * @param gates (4 * units) at {@code gatesFrom}: the values of the gates; receives the gradients of their sums
     * @param cells as in {@link #gates}
     * @param outputs (units) at {@code outputsFrom}: the gradients of the outputs that come from later steps
     * @param cell (units) at {@code unitsFrom}: the gradients of the cells after the step; receives those before it
     * @param largest (units) at {@code unitsFrom}: the gradients of the largest outputs
     * @param where (units) at {@code unitsFrom}: the step of each largest output
     */
    void gateGradients(
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
            int units);
}
