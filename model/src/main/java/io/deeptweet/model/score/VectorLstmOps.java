// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The arithmetic of an LSTM on the JDK's Vector API: the recurrent product, the gates and the pooling, on plain arrays.
 *
 * <p>A vector holds as many units as the machine has lanes. A <i>block</i> is four vectors that lie next to each other:
 * the four gates of these units, in the order block input (g), forget (f), output (o), input (i).
 *
 * <p>No method takes or returns a vector. The JIT compiler does not always inline such a method, and then every vector
 * becomes an object, which is a hundred times slower. So the code of {@link FastTanh} is repeated for each gate.
 */
final class VectorLstmOps {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Values in a vector. */
    static final int LANES = SPECIES.length();
    /** Values in a block. */
    static final int BLOCK = 4 * LANES;

    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
    private static final FloatVector P9 = FloatVector.broadcast(SPECIES, FastTanh.P9);
    private static final FloatVector P7 = FloatVector.broadcast(SPECIES, FastTanh.P7);
    private static final FloatVector P5 = FloatVector.broadcast(SPECIES, FastTanh.P5);
    private static final FloatVector P3 = FloatVector.broadcast(SPECIES, FastTanh.P3);
    private static final FloatVector Q8 = FloatVector.broadcast(SPECIES, FastTanh.Q8);
    private static final FloatVector Q6 = FloatVector.broadcast(SPECIES, FastTanh.Q6);
    private static final FloatVector Q4 = FloatVector.broadcast(SPECIES, FastTanh.Q4);
    private static final FloatVector Q2 = FloatVector.broadcast(SPECIES, FastTanh.Q2);

    private VectorLstmOps() {}

    /**
     * Computes one block for one text: {@code sums = row + x × matrix}. Even and odd rows of the matrix are summed
     * separately, so eight chains of multiply-adds hide each other's latency.
     *
     * @param weights the matrix (size, BLOCK) at {@code matrix}, the row (BLOCK) at {@code row}
     * @param x (size) at {@code from}
     * @param sums receives (BLOCK) at {@code to}
     */
    static void product(float[] weights, int matrix, int size, int row, float[] x, int from, float[] sums, int to) {
        FloatVector g = FloatVector.fromArray(SPECIES, weights, row);
        FloatVector f = FloatVector.fromArray(SPECIES, weights, row + LANES);
        FloatVector o = FloatVector.fromArray(SPECIES, weights, row + 2 * LANES);
        FloatVector i = FloatVector.fromArray(SPECIES, weights, row + 3 * LANES);
        FloatVector oddG = FloatVector.zero(SPECIES);
        FloatVector oddF = FloatVector.zero(SPECIES);
        FloatVector oddO = FloatVector.zero(SPECIES);
        FloatVector oddI = FloatVector.zero(SPECIES);
        int k = 0;
        for (; k < size - 1; k += 2) {
            int at = matrix + k * BLOCK;
            FloatVector even = FloatVector.broadcast(SPECIES, x[from + k]);
            g = even.fma(FloatVector.fromArray(SPECIES, weights, at), g);
            f = even.fma(FloatVector.fromArray(SPECIES, weights, at + LANES), f);
            o = even.fma(FloatVector.fromArray(SPECIES, weights, at + 2 * LANES), o);
            i = even.fma(FloatVector.fromArray(SPECIES, weights, at + 3 * LANES), i);
            FloatVector odd = FloatVector.broadcast(SPECIES, x[from + k + 1]);
            oddG = odd.fma(FloatVector.fromArray(SPECIES, weights, at + BLOCK), oddG);
            oddF = odd.fma(FloatVector.fromArray(SPECIES, weights, at + BLOCK + LANES), oddF);
            oddO = odd.fma(FloatVector.fromArray(SPECIES, weights, at + BLOCK + 2 * LANES), oddO);
            oddI = odd.fma(FloatVector.fromArray(SPECIES, weights, at + BLOCK + 3 * LANES), oddI);
        }
        if (k < size) {
            int at = matrix + k * BLOCK;
            FloatVector last = FloatVector.broadcast(SPECIES, x[from + k]);
            g = last.fma(FloatVector.fromArray(SPECIES, weights, at), g);
            f = last.fma(FloatVector.fromArray(SPECIES, weights, at + LANES), f);
            o = last.fma(FloatVector.fromArray(SPECIES, weights, at + 2 * LANES), o);
            i = last.fma(FloatVector.fromArray(SPECIES, weights, at + 3 * LANES), i);
        }
        g.add(oddG).intoArray(sums, to);
        f.add(oddF).intoArray(sums, to + LANES);
        o.add(oddO).intoArray(sums, to + 2 * LANES);
        i.add(oddI).intoArray(sums, to + 3 * LANES);
    }

    /**
     * Computes one block for four texts, so that each weight is loaded once for four products.
     *
     * @param matrix (size, BLOCK) at {@code at}
     * @param rows the initial values of the sums: (BLOCK) at {@code rowA}, {@code rowB}, {@code rowC} and {@code rowD}
     * @param x (size) at {@code a}, {@code b}, {@code c} and {@code d}
     * @param sums receives (BLOCK) at {@code toA}, {@code toB}, {@code toC} and {@code toD}
     */
    static void products(
            float[] matrix,
            int at,
            int size,
            float[] rows,
            int rowA,
            int rowB,
            int rowC,
            int rowD,
            float[] x,
            int a,
            int b,
            int c,
            int d,
            float[] sums,
            int toA,
            int toB,
            int toC,
            int toD) {
        FloatVector gA = FloatVector.fromArray(SPECIES, rows, rowA);
        FloatVector fA = FloatVector.fromArray(SPECIES, rows, rowA + LANES);
        FloatVector oA = FloatVector.fromArray(SPECIES, rows, rowA + 2 * LANES);
        FloatVector iA = FloatVector.fromArray(SPECIES, rows, rowA + 3 * LANES);
        FloatVector gB = FloatVector.fromArray(SPECIES, rows, rowB);
        FloatVector fB = FloatVector.fromArray(SPECIES, rows, rowB + LANES);
        FloatVector oB = FloatVector.fromArray(SPECIES, rows, rowB + 2 * LANES);
        FloatVector iB = FloatVector.fromArray(SPECIES, rows, rowB + 3 * LANES);
        FloatVector gC = FloatVector.fromArray(SPECIES, rows, rowC);
        FloatVector fC = FloatVector.fromArray(SPECIES, rows, rowC + LANES);
        FloatVector oC = FloatVector.fromArray(SPECIES, rows, rowC + 2 * LANES);
        FloatVector iC = FloatVector.fromArray(SPECIES, rows, rowC + 3 * LANES);
        FloatVector gD = FloatVector.fromArray(SPECIES, rows, rowD);
        FloatVector fD = FloatVector.fromArray(SPECIES, rows, rowD + LANES);
        FloatVector oD = FloatVector.fromArray(SPECIES, rows, rowD + 2 * LANES);
        FloatVector iD = FloatVector.fromArray(SPECIES, rows, rowD + 3 * LANES);
        for (int k = 0; k < size; k++) {
            int weight = at + k * BLOCK;
            FloatVector g = FloatVector.fromArray(SPECIES, matrix, weight);
            FloatVector f = FloatVector.fromArray(SPECIES, matrix, weight + LANES);
            FloatVector o = FloatVector.fromArray(SPECIES, matrix, weight + 2 * LANES);
            FloatVector i = FloatVector.fromArray(SPECIES, matrix, weight + 3 * LANES);
            FloatVector xA = FloatVector.broadcast(SPECIES, x[a + k]);
            gA = xA.fma(g, gA);
            fA = xA.fma(f, fA);
            oA = xA.fma(o, oA);
            iA = xA.fma(i, iA);
            FloatVector xB = FloatVector.broadcast(SPECIES, x[b + k]);
            gB = xB.fma(g, gB);
            fB = xB.fma(f, fB);
            oB = xB.fma(o, oB);
            iB = xB.fma(i, iB);
            FloatVector xC = FloatVector.broadcast(SPECIES, x[c + k]);
            gC = xC.fma(g, gC);
            fC = xC.fma(f, fC);
            oC = xC.fma(o, oC);
            iC = xC.fma(i, iC);
            FloatVector xD = FloatVector.broadcast(SPECIES, x[d + k]);
            gD = xD.fma(g, gD);
            fD = xD.fma(f, fD);
            oD = xD.fma(o, oD);
            iD = xD.fma(i, iD);
        }
        gA.intoArray(sums, toA);
        fA.intoArray(sums, toA + LANES);
        oA.intoArray(sums, toA + 2 * LANES);
        iA.intoArray(sums, toA + 3 * LANES);
        gB.intoArray(sums, toB);
        fB.intoArray(sums, toB + LANES);
        oB.intoArray(sums, toB + 2 * LANES);
        iB.intoArray(sums, toB + 3 * LANES);
        gC.intoArray(sums, toC);
        fC.intoArray(sums, toC + LANES);
        oC.intoArray(sums, toC + 2 * LANES);
        iC.intoArray(sums, toC + 3 * LANES);
        gD.intoArray(sums, toD);
        fD.intoArray(sums, toD + LANES);
        oD.intoArray(sums, toD + 2 * LANES);
        iD.intoArray(sums, toD + 3 * LANES);
    }

    /**
     * Applies the gates of one step of one text: computes cells and outputs from the sums.
     *
     * <p>Each tanh is a fraction n / q, so a sigmoid is (q + n) / 2q. The fractions are put over a common denominator:
     * a cell takes one division and an output another, instead of five. The product of all q stays far below the
     * largest float.
     *
     * @param gates the sums (blocks, BLOCK) at {@code from}; those of the sigmoids are halved
     * @param cells (blocks, LANES) at {@code cell}; receives the next cells
     * @param outputs receives (blocks, LANES) at {@code to}
     */
    static void gates(float[] gates, int from, float[] cells, int cell, float[] outputs, int to, int blocks) {
        for (int block = 0; block < blocks; block++) {
            int at = from + block * BLOCK;
            FloatVector g = FloatVector.fromArray(SPECIES, gates, at);
            g = g.blend(FastTanh.LIMIT, g.compare(GT, FastTanh.LIMIT)); // min and max are slower: they order -0 and 0
            g = g.blend(-FastTanh.LIMIT, g.compare(LT, -FastTanh.LIMIT));
            FloatVector s = g.mul(g);
            g = g.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector gq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector f = FloatVector.fromArray(SPECIES, gates, at + LANES);
            f = f.blend(FastTanh.LIMIT, f.compare(GT, FastTanh.LIMIT));
            f = f.blend(-FastTanh.LIMIT, f.compare(LT, -FastTanh.LIMIT));
            s = f.mul(f);
            f = f.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector fq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector i = FloatVector.fromArray(SPECIES, gates, at + 3 * LANES);
            i = i.blend(FastTanh.LIMIT, i.compare(GT, FastTanh.LIMIT));
            i = i.blend(-FastTanh.LIMIT, i.compare(LT, -FastTanh.LIMIT));
            s = i.mul(i);
            i = i.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector iq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector x = FloatVector.fromArray(SPECIES, cells, cell + block * LANES);
            FloatVector both = iq.mul(gq);
            x = i.add(iq)
                    .mul(fq)
                    .fma(g, f.add(fq).mul(both).mul(x))
                    .div(both.mul(fq))
                    .mul(0.5f);
            x.intoArray(cells, cell + block * LANES);
            x = x.blend(FastTanh.LIMIT, x.compare(GT, FastTanh.LIMIT));
            x = x.blend(-FastTanh.LIMIT, x.compare(LT, -FastTanh.LIMIT));
            s = x.mul(x);
            x = x.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector xq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector o = FloatVector.fromArray(SPECIES, gates, at + 2 * LANES);
            o = o.blend(FastTanh.LIMIT, o.compare(GT, FastTanh.LIMIT));
            o = o.blend(-FastTanh.LIMIT, o.compare(LT, -FastTanh.LIMIT));
            s = o.mul(o);
            o = o.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector oq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            o.add(oq).mul(x).div(oq.mul(xq)).mul(0.5f).intoArray(outputs, to + block * LANES);
        }
    }

    /**
     * Max-pools the outputs of a text.
     *
     * @param outputs (length, width) at {@code at}
     * @param pooled receives (width)
     */
    static void pool(float[] outputs, int at, int length, float[] pooled, int width) {
        for (int j = 0; j < width; j += LANES) {
            FloatVector largest = FloatVector.fromArray(SPECIES, outputs, at + j);
            for (int step = 1; step < length; step++)
                largest = largest.max(FloatVector.fromArray(SPECIES, outputs, at + step * width + j));
            largest.intoArray(pooled, j);
        }
    }

    /**
     * The scalar product of two vectors.
     *
     * @param a (width)
     * @param b (width) at {@code at}
     */
    static double product(float[] a, float[] b, int at, int width) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += LANES)
            sum = FloatVector.fromArray(SPECIES, a, j).fma(FloatVector.fromArray(SPECIES, b, at + j), sum);
        return sum.reduceLanes(ADD);
    }
}
