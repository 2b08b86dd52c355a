// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the JDK's Vector API, whose module this class alone touches.
 *
 * <p>A vector holds as many units as the machine has lanes, and the four gates of these units stand side by side: a
 * block of four vectors in a row of the table, and in a row of the recurrent weights, which lie block by block, so that
 * one pass over them in the order of memory gives a block's gates in registers.
 *
 * <p>One text at a time, each weight is read for one product, and what bounds the speed is how fast the second level
 * cache gives them. So every other step goes through the blocks backwards and finds the last ones still in the first
 * level. Four texts at a time use each weight four times from its register, and the arithmetic is the bound.
 *
 * <p>Vectors stay within a method: a method of ours that takes or returns one is not always inlined, and then costs a
 * hundred times more.
 */
final class VectorKernel extends Kernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();
    private static final int BLOCK = 4 * LANES;
    /** How many texts {@link #addLogits} reads at the same time. */
    private static final int TEXTS = 4;
    /**
     * Where the weights begin in their array, in values. An array's header has 16 bytes, so they begin at a cache line
     * where the garbage collector lets a large array begin at one, as G1 and ZGC do; a vector that lies across two
     * lines takes two loads.
     */
    private static final int START = 12;

    private static final int LINE = 16; // values of a cache line

    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1);
    private static final FloatVector P9 = FloatVector.broadcast(SPECIES, Gates.P9);
    private static final FloatVector P7 = FloatVector.broadcast(SPECIES, Gates.P7);
    private static final FloatVector P5 = FloatVector.broadcast(SPECIES, Gates.P5);
    private static final FloatVector P3 = FloatVector.broadcast(SPECIES, Gates.P3);
    private static final FloatVector Q8 = FloatVector.broadcast(SPECIES, Gates.Q8);
    private static final FloatVector Q6 = FloatVector.broadcast(SPECIES, Gates.Q6);
    private static final FloatVector Q4 = FloatVector.broadcast(SPECIES, Gates.Q4);
    private static final FloatVector Q2 = FloatVector.broadcast(SPECIES, Gates.Q2);

    private final int blocks;
    private final int table; // where it begins
    private final float[]
            weights; // START values unused, recurrent (blocks, units, BLOCK), table (words, blocks, BLOCK)

    VectorKernel(Weights model, boolean backwards) {
        super(model, backwards, (model.units() + LANES - 1) / LANES * LANES);
        Weights.Lstm lstm = backwards ? model.backward() : model.forward();
        this.blocks = width / LANES;
        this.table = START + units * 4 * width;
        this.weights = new float[Math.toIntExact(table + model.words() * 4L * width)];
        arrange(lstm.recurrent(), units, weights, START);
        fillTable(model, lstm);
        requireFinite(weights, table);
    }

    /** Which instructions the vectors are made of. */
    static String description() {
        return SPECIES.vectorBitSize() + "-bit vectors";
    }

    /**
     * Brings the columns of a matrix (rows, 4 * units) into blocks (blocks, rows, BLOCK); those of the sigmoids halved,
     * missing ones 0.
     */
    private void arrange(float[] matrix, int rows, float[] to, int at) {
        for (int row = 0; row < rows; row++) {
            for (int gate = 0; gate < 4; gate++) {
                for (int unit = 0; unit < units; unit++) {
                    float value = matrix[(row * 4 + gate) * units + unit];
                    to[at + (unit / LANES * rows + row) * BLOCK + gate * LANES + unit % LANES] =
                            gate == 0 ? value : 0.5f * value;
                }
            }
        }
    }

    /** Four words at a time, as four texts. */
    private void fillTable(Weights model, Weights.Lstm lstm) {
        int size = model.embeddingSize();
        float[] input = new float[blocks * size * BLOCK];
        arrange(lstm.input(), size, input, 0);
        float[] bias = new float[4 * width];
        arrange(lstm.bias(), 1, bias, 0);
        for (int from = 0; from < model.words(); from += 4) {
            int a = from;
            int b = Math.min(from + 1, model.words() - 1); // the last word again, where there is no fourth
            int c = Math.min(from + 2, model.words() - 1);
            int d = Math.min(from + 3, model.words() - 1);
            for (int block = 0; block < blocks; block++) {
                int at = block * BLOCK;
                products(
                        input,
                        block * size * BLOCK,
                        size,
                        bias,
                        at,
                        at,
                        at,
                        at,
                        model.embedding(),
                        a * size,
                        b * size,
                        c * size,
                        d * size,
                        weights,
                        row(a) + at,
                        row(b) + at,
                        row(c) + at,
                        row(d) + at);
            }
        }
    }

    private int row(int word) {
        return table + word * 4 * width;
    }

    @Override
    double logit(int[] rows, int length, Scratch scratch) {
        scratch.reserve(1, length, width);
        begin(rows, length, 0, 0, scratch);
        for (int step = 1; step < length; step++) step(row(rows[token(step, length)]), step, 0, 0, scratch);
        return pooled(scratch.outputs, 0, length);
    }

    /**
     * Reads the first token of a text in a slot, whose outputs begin at {@code at}: without outputs before it, there
     * are no products.
     */
    private void begin(int[] rows, int length, int slot, int at, Scratch scratch) {
        fetch(rows, length, scratch);
        Arrays.fill(scratch.cells, slot * width, (slot + 1) * width, 0);
        System.arraycopy(weights, row(rows[token(0, length)]), scratch.gates, slot * 4 * width, 4 * width);
        gates(scratch.gates, slot * 4 * width, scratch.cells, slot * width, scratch.outputs, at, blocks);
    }

    /**
     * Reads a value of every cache line of a text's rows in the table, which is far larger than the caches: all at once
     * they come sooner than each when its step waits for it.
     */
    private void fetch(int[] rows, int length, Scratch scratch) {
        float sum = 0;
        for (int i = 0; i < length; i++) {
            int row = row(rows[i]);
            for (int j = 0; j < 4 * width; j += LINE) sum += weights[row + j];
        }
        scratch.fetched = sum; // or the JIT compiler would leave the reading out
    }

    /** Reads one more token of the text in a slot, whose outputs begin at {@code at}. */
    private void step(int row, int step, int slot, int at, Scratch scratch) {
        int gates = slot * 4 * width;
        int before = at + (step - 1) * width;
        for (int i = 0; i < blocks; i++) {
            int block = (step & 1) == 0 ? i : blocks - 1 - i;
            product(
                    weights,
                    START + block * units * BLOCK,
                    units,
                    row + block * BLOCK,
                    scratch.outputs,
                    before,
                    scratch.gates,
                    gates + block * BLOCK);
        }
        gates(scratch.gates, gates, scratch.cells, slot * width, scratch.outputs, at + step * width, blocks);
    }

    /**
     * Four texts at a time, in as many slots; where one ends, the next begins in its slot, whatever the others have
     * come to. The longest ones first, so that at the end no slot is empty for long.
     */
    @Override
    void addLogits(int[][] texts, double[] logits, Scratch scratch) {
        int longest = 0;
        for (int[] text : texts) longest = Math.max(longest, text.length);
        scratch.reserve(TEXTS, longest, width);
        int stride = longest * width;
        int[] order = IntStream.range(0, texts.length)
                .filter(i -> texts[i].length > 0)
                .mapToLong(i -> (long) -texts[i].length << 32 | i)
                .sorted()
                .mapToInt(i -> (int) i)
                .toArray();
        int next = 0;
        int[] text = new int[TEXTS]; // in each slot, -1 if none
        int[] step = new int[TEXTS];
        int[] row = new int[TEXTS]; // of an empty slot the last one; its sums are nobody's
        Arrays.fill(text, -1);
        Arrays.fill(step, 1);
        int left = order.length;
        while (true) {
            for (int slot = 0; slot < TEXTS; slot++) {
                while (text[slot] < 0 ? next < order.length : step[slot] == texts[text[slot]].length) {
                    if (text[slot] >= 0) {
                        logits[text[slot]] += pooled(scratch.outputs, slot * stride, step[slot]);
                        left--;
                    }
                    text[slot] = next < order.length ? order[next++] : -1;
                    if (text[slot] >= 0)
                        begin(texts[text[slot]], texts[text[slot]].length, slot, slot * stride, scratch);
                    step[slot] = 1;
                }
                if (text[slot] >= 0) row[slot] = row(texts[text[slot]][token(step[slot], texts[text[slot]].length)]);
            }
            if (left == 0) return;
            if (left > 1) steps(row, step, text, stride, scratch);
            for (int slot = 0; slot < TEXTS; slot++) {
                if (text[slot] < 0) continue;
                if (left == 1) step(row[slot], step[slot], slot, slot * stride, scratch);
                step[slot]++;
            }
        }
    }

    /** A step of all slots; the products of the empty ones are done in vain, and cost nothing beside the others. */
    private void steps(int[] row, int[] step, int[] text, int stride, Scratch scratch) {
        int a = (step[0] - 1) * width;
        int b = (step[1] - 1) * width + stride;
        int c = (step[2] - 1) * width + 2 * stride;
        int d = (step[3] - 1) * width + 3 * stride;
        for (int block = 0; block < blocks; block++) {
            int at = block * BLOCK;
            products(
                    weights,
                    START + block * units * BLOCK,
                    units,
                    weights,
                    row[0] + at,
                    row[1] + at,
                    row[2] + at,
                    row[3] + at,
                    scratch.outputs,
                    a,
                    b,
                    c,
                    d,
                    scratch.gates,
                    at,
                    4 * width + at,
                    8 * width + at,
                    12 * width + at);
        }
        for (int slot = 0; slot < TEXTS; slot++)
            if (text[slot] >= 0)
                gates(
                        scratch.gates,
                        slot * 4 * width,
                        scratch.cells,
                        slot * width,
                        scratch.outputs,
                        slot * stride + step[slot] * width,
                        blocks);
    }

    /** The sum over the units of dense weight × largest of the outputs, which begin at {@code at}. */
    private double pooled(float[] outputs, int at, int length) {
        FloatVector logit = FloatVector.zero(SPECIES);
        for (int j = 0; j < width; j += LANES) {
            FloatVector largest = FloatVector.fromArray(SPECIES, outputs, at + j);
            for (int step = 1; step < length; step++)
                largest = largest.max(FloatVector.fromArray(SPECIES, outputs, at + step * width + j));
            logit = largest.fma(FloatVector.fromArray(SPECIES, dense, j), logit);
        }
        return logit.reduceLanes(ADD);
    }

    /**
     * A block's sums: a row of the table + x × matrix. Even and odd rows of the matrix have sums of their own, so that
     * eight chains of products hide their latency.
     *
     * @param weights at {@code matrix} (size, BLOCK), at {@code row} (BLOCK)
     * @param x at {@code from} (size)
     * @param sums takes BLOCK values at {@code to}
     */
    private static void product(
            float[] weights, int matrix, int size, int row, float[] x, int from, float[] sums, int to) {
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
     * The same for four x at a time.
     *
     * @param matrix holds at {@code at} (size, BLOCK)
     * @param rows holds what each sum begins with: BLOCK values at {@code rowA} and so on
     * @param x holds (size) at {@code a} and so on
     * @param sums takes BLOCK values at {@code toA} and so on
     */
    private static void products(
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
     * From a token's sums to its outputs; the function is {@link Gates}'. Each tanh is a fraction n / q, a sigmoid (q +
     * n) / 2q: they are put together over one denominator, so that a cell takes one division and an output another,
     * rather than five. All q together stay far below what a float holds. The fraction is written out for each, since
     * vectors stay within a method.
     *
     * @param gates at {@code from} (blocks, BLOCK)
     * @param cells at {@code cell} (blocks, LANES), replaced by the next
     * @param outputs takes (blocks, LANES) at {@code to}
     */
    static void gates(float[] gates, int from, float[] cells, int cell, float[] outputs, int to, int blocks) {
        for (int block = 0; block < blocks; block++) {
            int at = from + block * BLOCK;
            FloatVector g = FloatVector.fromArray(SPECIES, gates, at);
            g = g.blend(Gates.LIMIT, g.compare(GT, Gates.LIMIT)); // not min and max, which care for signs of zeros
            g = g.blend(-Gates.LIMIT, g.compare(LT, -Gates.LIMIT));
            FloatVector s = g.mul(g);
            g = g.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector gq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector f = FloatVector.fromArray(SPECIES, gates, at + LANES);
            f = f.blend(Gates.LIMIT, f.compare(GT, Gates.LIMIT));
            f = f.blend(-Gates.LIMIT, f.compare(LT, -Gates.LIMIT));
            s = f.mul(f);
            f = f.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector fq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector i = FloatVector.fromArray(SPECIES, gates, at + 3 * LANES);
            i = i.blend(Gates.LIMIT, i.compare(GT, Gates.LIMIT));
            i = i.blend(-Gates.LIMIT, i.compare(LT, -Gates.LIMIT));
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
            x = x.blend(Gates.LIMIT, x.compare(GT, Gates.LIMIT));
            x = x.blend(-Gates.LIMIT, x.compare(LT, -Gates.LIMIT));
            s = x.mul(x);
            x = x.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector xq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            FloatVector o = FloatVector.fromArray(SPECIES, gates, at + 2 * LANES);
            o = o.blend(Gates.LIMIT, o.compare(GT, Gates.LIMIT));
            o = o.blend(-Gates.LIMIT, o.compare(LT, -Gates.LIMIT));
            s = o.mul(o);
            o = o.mul(s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE));
            FloatVector oq = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
            o.add(oq).mul(x).div(oq.mul(xq)).mul(0.5f).intoArray(outputs, to + block * LANES);
        }
    }
}
