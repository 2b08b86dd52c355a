// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The arithmetic of an LSTM's training on plain arrays: products of matrices, the gates, and the gates' gradients. A
 * matrix is part of an array: where it begins, and how far it is from one row to the next. Rows come {@link #ROWS} at a
 * time and columns {@link #columns} at a time; callers pad.
 */
interface LstmKernel {
    /** What a product's rows must be a multiple of. */
    int ROWS = 6;

    /** The fastest that this Java runs. */
    static LstmKernel best() {
        return Best.KERNEL;
    }

    /** Chosen once. */
    final class Best {
        private static final Logger LOG = LoggerFactory.getLogger(LstmKernel.class);
        private static final LstmKernel KERNEL = choose();

        private Best() {}

        private static LstmKernel choose() {
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) return new VectorLstmKernel();
            LOG.info(
                    "Training without the Vector API, which is several times faster: start java with --add-modules jdk.incubator.vector");
            return new PlainLstmKernel();
        }
    }

    /** What a product's columns must be a multiple of. */
    int columns();

    /** What the gates' units must be a multiple of. */
    int units();

    /**
     * {@code c = a · b}, or {@code c += a · b}.
     *
     * @param a (rows, depth), the value at i, k at {@code aFrom + i * aRow + k * aColumn}: so it may be read transposed
     * @param b (depth, columns), as many {@link #columns} at a time as a block: the one at j begins at {@code bFrom + j
     *     * bBlock}, its rows are {@code bRow} apart. Blocks that follow each other are read fastest; a matrix as it is
     *     has blocks as far apart as they are wide
     * @param c (rows, columns)
     * @param add whether to add to what c holds
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
     * One text's step.
     *
     * @param gates (4 * units) from {@code gatesFrom}: takes the block input, forget, output and input gate's sums, and
     *     gives their values
     * @param cells (units) from {@code before}: the cell before the step; from {@code after}: takes it after
     * @param outputs (units) from {@code outputsFrom}: takes the output
     * @param largest (units) from {@code largestFrom}: takes the output where it is larger
     * @param where (units) from {@code largestFrom}: takes the step where the output is larger
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
     * One text's step backwards.
     *
     * @param gates (4 * units) from {@code gatesFrom}: takes the gates' values, and gives the gradients of their sums
     * @param cells as they were given to {@link #gates}
     * @param outputs (units) from {@code outputsFrom}: the gradient of the output, as far as later steps have it
     * @param cell (units) from {@code unitsFrom}: the gradient of the cell after the step; takes that of the cell
     *     before
     * @param largest (units) from {@code unitsFrom}: the gradient of the largest output
     * @param where (units) from {@code unitsFrom}: the step that had it
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
