package io.deeptweet.model.score;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;

import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the JDK's Vector API, whose module this class alone touches.
 *
 * <p>A vector holds as many units as the machine has lanes, and the four gates of these units stand side by side: a block of four vectors
 * in a row of the table, and in a row of the recurrent weights, which lie block by block, so that one pass over them in the order of
 * memory gives a block's gates in registers.
 *
 * <p>One text at a time, each weight is read for one product, and what bounds the speed is how fast the second level cache gives them. So
 * every other step goes through the blocks backwards and finds the last ones still in the first level. Eight texts at a time use each
 * weight eight times from its register, and the arithmetic is the bound.
 *
 * <p>Vectors stay within a method: a method of ours that takes or returns one is not always inlined, and then costs a hundred times more.
 */
final class VectorKernel extends Kernel {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();
  private static final int BLOCK = 4 * LANES;
  /** How many texts {@link #addLogits} reads at the same time. */
  private static final int TEXTS = 8;
  /** So few are read sooner one after the other. */
  private static final int FEW = 2;
  /**
   * Where the weights begin in their array, in values. An array's header has 16 bytes, so they begin at a cache line where the garbage
   * collector lets a large array begin at one, as G1 and ZGC do; a vector that lies across two lines takes two loads.
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
  private final float[] weights; // START values unused, recurrent (blocks, units, BLOCK), table (words, blocks, BLOCK)

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

  /** Brings the columns of a matrix (rows, 4 * units) into blocks (blocks, rows, BLOCK); those of the sigmoids halved, missing ones 0. */
  private void arrange(float[] matrix, int rows, float[] to, int at) {
    for (int row = 0; row < rows; row++) {
      for (int gate = 0; gate < 4; gate++) {
        for (int unit = 0; unit < units; unit++) {
          float value = matrix[(row * 4 + gate) * units + unit];
          to[at + (unit / LANES * rows + row) * BLOCK + gate * LANES + unit % LANES] = gate == 0 ? value : 0.5f * value;
        }
      }
    }
  }

  /** Eight words at a time, as eight texts. */
  private void fillTable(Weights model, Weights.Lstm lstm) {
    int size = model.embeddingSize();
    float[] input = new float[blocks * size * BLOCK];
    arrange(lstm.input(), size, input, 0);
    float[] bias = new float[4 * width];
    arrange(lstm.bias(), 1, bias, 0);
    int[] starts = new int[TEXTS]; // each sum begins with the bias
    int[] words = new int[TEXTS];
    int[] rows = new int[TEXTS];
    for (int from = 0; from < model.words(); from += TEXTS) {
      for (int i = 0; i < TEXTS; i++) {
        int word = Math.min(from + i, model.words() - 1); // the last word again, where there is no eighth
        words[i] = word * size;
        rows[i] = row(word);
      }
      for (int block = 0; block < blocks; block++) products(input, block * size * BLOCK, size, bias, starts, model.embedding(), words, weights, rows, block * BLOCK);
    }
  }

  private int row(int word) {
    return table + word * 4 * width;
  }

  @Override
  double logit(int[] rows, int length, Scratch scratch) {
    scratch.reserve(1, length, width);
    fetch(rows, length, scratch);
    Arrays.fill(scratch.cells, 0, width, 0);
    for (int step = 0; step < length; step++) step(row(rows[token(step, length)]), step, 0, 0, scratch);
    return pooled(scratch.outputs, 0, length);
  }

  /**
   * Reads a value of every cache line of a text's rows in the table, which is far larger than the caches: all at once they come sooner than
   * each when its step waits for it.
   */
  private void fetch(int[] rows, int length, Scratch scratch) {
    float sum = 0;
    for (int i = 0; i < length; i++) {
      int row = row(rows[i]);
      for (int j = 0; j < 4 * width; j += LINE) sum += weights[row + j];
    }
    scratch.fetched = sum; // or the JIT compiler would leave the reading out
  }

  /** Reads one more token, whose row is at {@code row}, of the text in a slot, whose outputs begin at {@code at}. */
  private void step(int row, int step, int slot, int at, Scratch scratch) {
    int gates = slot * 4 * width;
    if (step == 0) {
      System.arraycopy(weights, row, scratch.gates, gates, 4 * width);
    } else {
      int before = at + (step - 1) * width;
      for (int i = 0; i < blocks; i++) {
        int block = (step & 1) == 0 ? i : blocks - 1 - i;
        product(weights, START + block * units * BLOCK, units, row + block * BLOCK, scratch.outputs, before, scratch.gates, gates + block * BLOCK);
      }
    }
    gates(scratch.gates, scratch.denominators, gates, scratch.cells, slot * width, scratch.outputs, at + step * width, blocks);
  }

  /**
   * Eight texts at a time, in as many slots; where one ends, the next begins in its slot, whatever the others have come to. The longest ones
   * first, so that at the end no slot is empty for long.
   */
  @Override
  void addLogits(int[][] texts, double[] logits, Scratch scratch) {
    int longest = 0;
    for (int[] text : texts) longest = Math.max(longest, text.length);
    scratch.reserve(TEXTS, longest, width);
    int[] order = IntStream.range(0, texts.length).filter(i -> texts[i].length > 0).boxed().sorted(Comparator.comparingInt(i -> -texts[i].length)).mapToInt(i -> i).toArray();
    int[] text = new int[TEXTS]; // in each slot, -1 if none
    int[] step = new int[TEXTS];
    int[] row = new int[TEXTS]; // of the token that is read; of an empty slot the last one: its outputs are nobody's
    int[] before = new int[TEXTS]; // where the outputs before it begin
    int[] sums = new int[TEXTS]; // where its gates begin
    int next = 0;
    int left = 0;
    for (int slot = 0; slot < TEXTS; slot++) {
      text[slot] = next < order.length ? order[next++] : -1;
      if (text[slot] >= 0) left++;
      row[slot] = row(0);
      sums[slot] = slot * 4 * width;
    }
    int stride = longest * width;
    while (left > 0) {
      boolean few = left <= FEW;
      for (int slot = 0; slot < TEXTS; slot++) {
        if (text[slot] < 0) continue;
        int[] rows = texts[text[slot]];
        if (step[slot] == 0) {
          fetch(rows, rows.length, scratch);
          Arrays.fill(scratch.cells, slot * width, (slot + 1) * width, 0);
        }
        row[slot] = row(rows[token(step[slot], rows.length)]);
        before[slot] = slot * stride + Math.max(0, step[slot] - 1) * width;
        if (few || step[slot] == 0) step(row[slot], step[slot], slot, slot * stride, scratch);
      }
      if (!few) steps(row, before, sums, text, step, stride, scratch);
      for (int slot = 0; slot < TEXTS; slot++) {
        if (text[slot] < 0 || ++step[slot] < texts[text[slot]].length) continue;
        logits[text[slot]] += pooled(scratch.outputs, slot * stride, step[slot]);
        step[slot] = 0;
        text[slot] = next < order.length ? order[next++] : -1;
        if (text[slot] < 0) left--;
      }
    }
  }

  /** A step of all slots whose text has begun before; the products of the others are done in vain, and cost nothing beside them. */
  private void steps(int[] row, int[] before, int[] sums, int[] text, int[] step, int stride, Scratch scratch) {
    for (int block = 0; block < blocks; block++) products(weights, START + block * units * BLOCK, units, weights, row, scratch.outputs, before, scratch.gates, sums, block * BLOCK);
    for (int slot = 0; slot < TEXTS; slot++) {
      if (text[slot] >= 0 && step[slot] > 0)
        gates(scratch.gates, scratch.denominators, slot * 4 * width, scratch.cells, slot * width, scratch.outputs, slot * stride + step[slot] * width, blocks);
    }
  }

  /** The sum over the units of dense weight × largest of the outputs, which begin at {@code at}. */
  private double pooled(float[] outputs, int at, int length) {
    FloatVector logit = FloatVector.zero(SPECIES);
    for (int j = 0; j < width; j += LANES) {
      FloatVector largest = FloatVector.fromArray(SPECIES, outputs, at + j);
      for (int step = 1; step < length; step++) largest = largest.max(FloatVector.fromArray(SPECIES, outputs, at + step * width + j));
      logit = largest.fma(FloatVector.fromArray(SPECIES, dense, j), logit);
    }
    return logit.reduceLanes(ADD);
  }

  /**
   * A block's sums: a row of the table + x × matrix. Even and odd rows of the matrix have sums of their own, so that eight chains of
   * products hide their latency.
   *
   * @param weights at {@code matrix} (size, BLOCK), at {@code row} (BLOCK)
   * @param x at {@code from} (size)
   * @param sums takes BLOCK values at {@code to}
   */
  private static void product(float[] weights, int matrix, int size, int row, float[] x, int from, float[] sums, int to) {
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
   * The same for eight x at a time, two gates after the other two: their sums just fit into the registers.
   *
   * @param matrix holds at {@code at} (size, BLOCK)
   * @param rows holds what each sum begins with: BLOCK values at {@code row[i] + block}
   * @param x holds (size) at {@code from[i]}
   * @param sums takes BLOCK values at {@code to[i] + block}
   */
  private static void products(float[] matrix, int at, int size, float[] rows, int[] row, float[] x, int[] from, float[] sums, int[] to, int block) {
    int fromA = from[0];
    int fromB = from[1];
    int fromC = from[2];
    int fromD = from[3];
    int fromE = from[4];
    int fromF = from[5];
    int fromG = from[6];
    int fromH = from[7];
    for (int half = 0; half < BLOCK; half += 2 * LANES) {
      int first = block + half;
      int second = first + LANES;
      FloatVector firstA = FloatVector.fromArray(SPECIES, rows, row[0] + first);
      FloatVector secondA = FloatVector.fromArray(SPECIES, rows, row[0] + second);
      FloatVector firstB = FloatVector.fromArray(SPECIES, rows, row[1] + first);
      FloatVector secondB = FloatVector.fromArray(SPECIES, rows, row[1] + second);
      FloatVector firstC = FloatVector.fromArray(SPECIES, rows, row[2] + first);
      FloatVector secondC = FloatVector.fromArray(SPECIES, rows, row[2] + second);
      FloatVector firstD = FloatVector.fromArray(SPECIES, rows, row[3] + first);
      FloatVector secondD = FloatVector.fromArray(SPECIES, rows, row[3] + second);
      FloatVector firstE = FloatVector.fromArray(SPECIES, rows, row[4] + first);
      FloatVector secondE = FloatVector.fromArray(SPECIES, rows, row[4] + second);
      FloatVector firstF = FloatVector.fromArray(SPECIES, rows, row[5] + first);
      FloatVector secondF = FloatVector.fromArray(SPECIES, rows, row[5] + second);
      FloatVector firstG = FloatVector.fromArray(SPECIES, rows, row[6] + first);
      FloatVector secondG = FloatVector.fromArray(SPECIES, rows, row[6] + second);
      FloatVector firstH = FloatVector.fromArray(SPECIES, rows, row[7] + first);
      FloatVector secondH = FloatVector.fromArray(SPECIES, rows, row[7] + second);
      for (int k = 0; k < size; k++) {
        int weight = at + k * BLOCK + half;
        FloatVector firstWeight = FloatVector.fromArray(SPECIES, matrix, weight);
        FloatVector secondWeight = FloatVector.fromArray(SPECIES, matrix, weight + LANES);
        FloatVector xA = FloatVector.broadcast(SPECIES, x[fromA + k]);
        firstA = xA.fma(firstWeight, firstA);
        secondA = xA.fma(secondWeight, secondA);
        FloatVector xB = FloatVector.broadcast(SPECIES, x[fromB + k]);
        firstB = xB.fma(firstWeight, firstB);
        secondB = xB.fma(secondWeight, secondB);
        FloatVector xC = FloatVector.broadcast(SPECIES, x[fromC + k]);
        firstC = xC.fma(firstWeight, firstC);
        secondC = xC.fma(secondWeight, secondC);
        FloatVector xD = FloatVector.broadcast(SPECIES, x[fromD + k]);
        firstD = xD.fma(firstWeight, firstD);
        secondD = xD.fma(secondWeight, secondD);
        FloatVector xE = FloatVector.broadcast(SPECIES, x[fromE + k]);
        firstE = xE.fma(firstWeight, firstE);
        secondE = xE.fma(secondWeight, secondE);
        FloatVector xF = FloatVector.broadcast(SPECIES, x[fromF + k]);
        firstF = xF.fma(firstWeight, firstF);
        secondF = xF.fma(secondWeight, secondF);
        FloatVector xG = FloatVector.broadcast(SPECIES, x[fromG + k]);
        firstG = xG.fma(firstWeight, firstG);
        secondG = xG.fma(secondWeight, secondG);
        FloatVector xH = FloatVector.broadcast(SPECIES, x[fromH + k]);
        firstH = xH.fma(firstWeight, firstH);
        secondH = xH.fma(secondWeight, secondH);
      }
      firstA.intoArray(sums, to[0] + first);
      secondA.intoArray(sums, to[0] + second);
      firstB.intoArray(sums, to[1] + first);
      secondB.intoArray(sums, to[1] + second);
      firstC.intoArray(sums, to[2] + first);
      secondC.intoArray(sums, to[2] + second);
      firstD.intoArray(sums, to[3] + first);
      secondD.intoArray(sums, to[3] + second);
      firstE.intoArray(sums, to[4] + first);
      secondE.intoArray(sums, to[4] + second);
      firstF.intoArray(sums, to[5] + first);
      secondF.intoArray(sums, to[5] + second);
      firstG.intoArray(sums, to[6] + first);
      secondG.intoArray(sums, to[6] + second);
      firstH.intoArray(sums, to[7] + first);
      secondH.intoArray(sums, to[7] + second);
    }
  }

  /**
   * From a token's sums to its outputs; the function is {@link Gates}', as a numerator over a denominator. A division takes as long as
   * some ten products, so fractions are added and multiplied as such, and a unit needs two divisions instead of five.
   *
   * @param gates at {@code from} (blocks, BLOCK), replaced by the numerators of their tanh
   * @param denominators takes those at {@code from} (blocks, BLOCK), each in [1, 300]
   * @param cells at {@code cell} (blocks, LANES), replaced by the next
   * @param outputs takes (blocks, LANES) at {@code to}
   */
  static void gates(float[] gates, float[] denominators, int from, float[] cells, int cell, float[] outputs, int to, int blocks) {
    for (int at = from; at < from + blocks * BLOCK; at += LANES) {
      FloatVector x = FloatVector.fromArray(SPECIES, gates, at);
      x = x.blend(Gates.LIMIT, x.compare(GT, Gates.LIMIT)); // not min and max, which care for signs of zeros
      x = x.blend(-Gates.LIMIT, x.compare(LT, -Gates.LIMIT));
      FloatVector s = x.mul(x);
      s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE).mul(x).intoArray(gates, at);
      s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE).intoArray(denominators, at);
    }
    for (int block = 0; block < blocks; block++) {
      int at = from + block * BLOCK;
      FloatVector pG = FloatVector.fromArray(SPECIES, gates, at);
      FloatVector pF = FloatVector.fromArray(SPECIES, gates, at + LANES);
      FloatVector pO = FloatVector.fromArray(SPECIES, gates, at + 2 * LANES);
      FloatVector pI = FloatVector.fromArray(SPECIES, gates, at + 3 * LANES);
      FloatVector qG = FloatVector.fromArray(SPECIES, denominators, at);
      FloatVector qF = FloatVector.fromArray(SPECIES, denominators, at + LANES);
      FloatVector qO = FloatVector.fromArray(SPECIES, denominators, at + 2 * LANES);
      FloatVector qI = FloatVector.fromArray(SPECIES, denominators, at + 3 * LANES);
      FloatVector before = FloatVector.fromArray(SPECIES, cells, cell + block * LANES);
      // The cell: before · (1 + F) / 2 + G · (1 + I) / 2.
      FloatVector qGI = qG.mul(qI);
      FloatVector x = qF.add(pF).mul(before).fma(qGI, qI.add(pI).mul(pG).mul(qF)).div(qGI.mul(qF)).mul(0.5f);
      x.intoArray(cells, cell + block * LANES);
      x = x.blend(Gates.LIMIT, x.compare(GT, Gates.LIMIT));
      x = x.blend(-Gates.LIMIT, x.compare(LT, -Gates.LIMIT));
      FloatVector s = x.mul(x);
      FloatVector p = s.fma(P9, P7).fma(s, P5).fma(s, P3).fma(s, ONE).mul(x);
      FloatVector q = s.fma(Q8, Q6).fma(s, Q4).fma(s, Q2).fma(s, ONE);
      // The output: (1 + O) / 2 · the cell's tanh.
      qO.add(pO).mul(p).div(qO.mul(q)).mul(0.5f).intoArray(outputs, to + block * LANES);
    }
  }
}
