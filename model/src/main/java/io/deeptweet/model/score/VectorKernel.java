// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static io.deeptweet.model.score.VectorLstmOps.BLOCK;
import static io.deeptweet.model.score.VectorLstmOps.LANES;

import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The kernel on the JDK's Vector API. {@link ScalarKernel} defines its results; the arithmetic is in
 * {@link VectorLstmOps}, and this class decides what lies where in memory and in which order it is read.
 *
 * <p>The table and the recurrent weights are stored in the blocks of {@link VectorLstmOps}, so one pass in memory order
 * computes the four gates of a block in registers.
 *
 * <p>With one text at a time, each weight is used once per load, and the bandwidth of the second-level cache limits the
 * speed. So every other step reads the blocks in reverse order and finds the last ones still in the first-level cache.
 * With four texts at a time, each weight is used four times per load, and the arithmetic limits the speed.
 */
final class VectorKernel extends Kernel {
    /** Number of texts that {@link #addLogits} reads at the same time, each in a slot of its own. */
    private static final int SLOTS = 4;
    /**
     * Index of the first weight in the array. A vector that crosses a cache line takes two loads. An array's header has
     * 16 bytes, so with this offset the weights start at a cache line if the garbage collector aligns large arrays, as
     * G1 and ZGC do.
     */
    private static final int START = 12;

    private static final int CACHE_LINE = 16; // values

    private final int blocks;
    private final int table; // index of the table in the weights
    /** START unused values, the recurrent weights (blocks, units, BLOCK), the table (words, blocks, BLOCK). */
    private final float[] weights;

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

    /** The width of the vectors, such as {@code 256-bit vectors}. */
    static String description() {
        return VectorLstmOps.SPECIES.vectorBitSize() + "-bit vectors";
    }

    /**
     * Copies a matrix (rows, 4 * units) into blocks (blocks, rows, BLOCK). Halves the columns of the sigmoids; units
     * that only fill up a vector are 0.
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

    /** Computes the table for four words at a time. */
    private void fillTable(Weights model, Weights.Lstm lstm) {
        int size = model.embeddingSize();
        float[] input = new float[blocks * size * BLOCK];
        arrange(lstm.input(), size, input, 0);
        float[] bias = new float[4 * width];
        arrange(lstm.bias(), 1, bias, 0);
        int last = model.words() - 1;
        for (int a = 0; a <= last; a += 4) {
            int b = Math.min(a + 1, last); // repeats the last word if fewer than four are left
            int c = Math.min(a + 2, last);
            int d = Math.min(a + 3, last);
            for (int block = 0; block < blocks; block++) {
                int at = block * BLOCK;
                VectorLstmOps.products(
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

    /** The index in the weights of a word's row of the table. */
    private int row(int word) {
        return table + word * 4 * width;
    }

    @Override
    void read(int[] rows, int length, Scratch scratch) {
        scratch.reserve(1, length, width);
        firstStep(rows, length, 0, 0, scratch);
        for (int step = 1; step < length; step++) nextStep(row(rows[token(step, length)]), step, 0, 0, scratch);
    }

    @Override
    void pool(float[] outputs, int at, int length, float[] pooled) {
        VectorLstmOps.pool(outputs, at, length, pooled, width);
    }

    @Override
    double product(float[] pooled, float[] dense, int at) {
        return VectorLstmOps.product(pooled, dense, at, width);
    }

    /**
     * Starts a text in a slot. Its first step needs no product, since the output before it is 0.
     *
     * @param at index of the slot's outputs
     */
    private void firstStep(int[] rows, int length, int slot, int at, Scratch scratch) {
        prefetch(rows, length, scratch);
        Arrays.fill(scratch.cells, slot * width, (slot + 1) * width, 0);
        System.arraycopy(weights, row(rows[token(0, length)]), scratch.gates, slot * 4 * width, 4 * width);
        gates(slot, at, scratch);
    }

    /**
     * Reads one value of every cache line of a text's rows in the table, which is far larger than the caches. Loads
     * that do not depend on each other overlap; otherwise every step would wait for its own row.
     */
    private void prefetch(int[] rows, int length, Scratch scratch) {
        float sum = 0;
        for (int i = 0; i < length; i++) {
            int row = row(rows[i]);
            for (int j = 0; j < 4 * width; j += CACHE_LINE) sum += weights[row + j];
        }
        scratch.prefetchSink = sum;
    }

    /**
     * Reads one more token of the text in a slot.
     *
     * @param row index of the token's row of the table
     * @param at index of the slot's outputs
     */
    private void nextStep(int row, int step, int slot, int at, Scratch scratch) {
        int gates = slot * 4 * width;
        int before = at + (step - 1) * width;
        for (int i = 0; i < blocks; i++) {
            int block = (step & 1) == 0 ? i : blocks - 1 - i;
            VectorLstmOps.product(
                    weights,
                    START + block * units * BLOCK,
                    units,
                    row + block * BLOCK,
                    scratch.outputs,
                    before,
                    scratch.gates,
                    gates + block * BLOCK);
        }
        gates(slot, at + step * width, scratch);
    }

    private void gates(int slot, int outputs, Scratch scratch) {
        VectorLstmOps.gates(
                scratch.gates, slot * 4 * width, scratch.cells, slot * width, scratch.outputs, outputs, blocks);
    }

    /**
     * Reads four texts at a time, in four slots. When a text ends, the next one starts in its slot while the others go
     * on. The longest texts come first, so few slots are empty at the end.
     */
    @Override
    void addLogits(int[][] texts, double[] logits, Scratch scratch) {
        int longest = 0;
        for (int[] text : texts) longest = Math.max(longest, text.length);
        scratch.reserve(SLOTS, longest, width);
        int stride = longest * width; // from the outputs of one slot to those of the next
        int[] order = longestFirst(texts);
        int next = 0;
        int left = order.length;
        int[] text = new int[SLOTS]; // the text in each slot; -1 if the slot is empty
        int[] step = new int[SLOTS];
        int[] row = new int[SLOTS]; // of each slot's next token; an empty slot keeps its last one, and is not read
        Arrays.fill(text, -1);
        Arrays.fill(step, 1);
        while (true) {
            for (int slot = 0; slot < SLOTS; slot++) {
                while (text[slot] < 0 ? next < order.length : step[slot] == texts[text[slot]].length) {
                    if (text[slot] >= 0) {
                        addPooled(slot * stride, step[slot], logits, text[slot] * heads, scratch);
                        left--;
                    }
                    text[slot] = next < order.length ? order[next++] : -1;
                    if (text[slot] >= 0)
                        firstStep(texts[text[slot]], texts[text[slot]].length, slot, slot * stride, scratch);
                    step[slot] = 1;
                }
                if (text[slot] >= 0) row[slot] = row(texts[text[slot]][token(step[slot], texts[text[slot]].length)]);
            }
            if (left == 0) return;
            if (left > 1) nextSteps(row, step, text, stride, scratch);
            for (int slot = 0; slot < SLOTS; slot++) {
                if (text[slot] < 0) continue;
                if (left == 1) nextStep(row[slot], step[slot], slot, slot * stride, scratch);
                step[slot]++;
            }
        }
    }

    /** The indices of the texts that have tokens, the longest text first. */
    private static int[] longestFirst(int[][] texts) {
        return IntStream.range(0, texts.length)
                .filter(i -> texts[i].length > 0)
                .mapToLong(i -> ((long) -texts[i].length << 32) | i)
                .sorted()
                .mapToInt(i -> (int) i)
                .toArray();
    }

    /** One step of all slots. Computing the products of empty slots too costs nothing, since the weights are loaded. */
    private void nextSteps(int[] row, int[] step, int[] text, int stride, Scratch scratch) {
        int a = (step[0] - 1) * width;
        int b = (step[1] - 1) * width + stride;
        int c = (step[2] - 1) * width + 2 * stride;
        int d = (step[3] - 1) * width + 3 * stride;
        for (int block = 0; block < blocks; block++) {
            int at = block * BLOCK;
            VectorLstmOps.products(
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
        for (int slot = 0; slot < SLOTS; slot++)
            if (text[slot] >= 0) gates(slot, slot * stride + step[slot] * width, scratch);
    }
}
