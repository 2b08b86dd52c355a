package io.deeptweet.model.score;

import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;

/**
 * One direction of the LSTM, compiled for scoring. The embedding does not change any more, so embedding × input weights + bias is one
 * table with a row per word: a look-up per token. What is left is the recurrent product and the gates.
 */
final class LstmKernel {
  private final int units;
  private final float[] table; // (words, 4 * units): block input, forget, output, input gate
  private final float[][] recurrent; // (units, 4 * units)

  private LstmKernel(int units, float[] table, float[][] recurrent) {
    this.units = units;
    this.table = table;
    this.recurrent = recurrent;
  }

  static LstmKernel compile(Weights weights, Weights.Lstm lstm) {
    int columns = 4 * weights.units();
    int size = weights.embeddingSize();
    float[] table = new float[weights.words() * columns];
    float[][] input = matrix(lstm.input(), columns);
    float[] row = new float[columns];
    for (int word = 0; word < weights.words(); word++) {
      System.arraycopy(lstm.bias(), 0, row, 0, columns);
      addProduct(row, weights.embedding(), word * size, size, input);
      System.arraycopy(row, 0, table, word * columns, columns);
    }
    return new LstmKernel(weights.units(), table, matrix(lstm.recurrent(), columns));
  }

  /**
   * Each unit's largest output over the tokens.
   *
   * @param rows of the vocabulary, at least one
   * @param backwards whether to read the last token first
   * @param where (units) takes the token at which each output is largest, from 0; of no length if nobody asks
   * @return (units), each in (-1, 1)
   */
  float[] pooled(int[] rows, boolean backwards, int[] where) {
    float[] gates = new float[4 * units];
    float[] cell = new float[units];
    float[] output = new float[units];
    float[] largest = new float[units];
    Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < rows.length; i++) {
      int token = backwards ? rows.length - 1 - i : i;
      int row = rows[token];
      System.arraycopy(table, row * gates.length, gates, 0, gates.length);
      if (i > 0) addProduct(gates, output, 0, units, recurrent);
      Gates.tanh(gates, 0, units);
      Gates.sigmoid(gates, units, 4 * units);
      for (int j = 0; j < units; j++) cell[j] = gates[units + j] * cell[j] + gates[3 * units + j] * gates[j];
      System.arraycopy(cell, 0, output, 0, units);
      Gates.tanh(output, 0, units);
      for (int j = 0; j < units; j++) output[j] *= gates[2 * units + j];
      for (int j = 0; j < where.length; j++) if (output[j] > largest[j]) where[j] = token;
      for (int j = 0; j < units; j++) largest[j] = Math.max(largest[j], output[j]);
    }
    return largest;
  }

  private static float[][] matrix(float[] values, int columns) {
    float[][] rows = new float[values.length / columns][];
    for (int row = 0; row < rows.length; row++) rows[row] = Arrays.copyOfRange(values, row * columns, (row + 1) * columns);
    return rows;
  }

  /**
   * {@code sum += x × matrix}, four rows at a time, so that a sum is loaded and stored once for four products.
   *
   * @param x (size) from {@code from} on
   * @param matrix (size, sum.length)
   */
  private static void addProduct(float[] sum, float[] x, int from, int size, float[][] matrix) {
    int k = 0;
    for (; k + 4 <= size; k += 4) {
      addFour(sum, x[from + k], matrix[k], x[from + k + 1], matrix[k + 1], x[from + k + 2], matrix[k + 2], x[from + k + 3], matrix[k + 3]);
    }
    for (; k < size; k++) {
      float[] row = matrix[k];
      for (int j = 0; j < sum.length; j++) sum[j] += x[from + k] * row[j];
    }
  }

  /** Every array at the same index: only so does the JIT compiler see that no store reaches a later load, and vectorise. */
  private static void addFour(float[] sum, float a, float[] first, float b, float[] second, float c, float[] third, float d, float[] fourth) {
    for (int j = 0; j < sum.length; j++) sum[j] += a * first[j] + b * second[j] + c * third[j] + d * fourth[j];
  }
}
