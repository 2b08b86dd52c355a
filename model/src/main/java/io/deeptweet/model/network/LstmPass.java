package io.deeptweet.model.network;

import java.util.Arrays;

/**
 * One direction of the LSTM with maximum pooling over a batch, there and back. Text after text stands in the rows of matrices, and at each
 * step one product serves all of them: what a step reads is (embedding, 1, output of the step before), so input weights, bias and
 * recurrent weights are one matrix.
 *
 * <p>Its arrays are kept from batch to batch. One thread at a time.
 */
final class LstmPass {
  private final LstmKernel kernel;
  private final boolean backwards;
  private final int inputs;
  private final int units;
  private final int width; // of units, padded
  private final int read; // what a step reads: inputs + 1 + width
  private final int readRow; // from one row of it to the next
  private final int gates; // 4 * width
  private final int gradientRow; // what a step reads, padded to the kernel's columns

  private final float[] weights; // (readRow, gates): input weights, bias, recurrent weights
  private final float[] transposed; // (gates, gradientRow)
  private final float[] weightGradients; // (readRow, gates)

  private TokenBatch batch;
  private float[] dropout;
  private int rows; // the batch's texts, padded to the kernel's rows

  private float[] steps = {}; // (length + 1, rows, readRow): what each step reads
  private float[] sums = {}; // (length, rows, gates): the gates' sums, then their values, then their sums' gradients
  private float[] cells = {}; // (length + 1, rows, width): the cells before each step
  private float[] largest = {}; // (rows, width)
  private float[] where = {}; // (rows, width): at which step
  private float[] stepGradients = {}; // (rows, gradientRow)
  private float[] cellGradients = {}; // (rows, width)
  private float[] vectorGradients = {}; // (distinct tokens, inputs)

  LstmPass(LstmKernel kernel, int inputs, int units, boolean backwards) {
    this.kernel = kernel;
    this.backwards = backwards;
    this.inputs = inputs;
    this.units = units;
    this.width = padded(units, kernel.columns());
    this.read = inputs + 1 + width;
    this.readRow = padded(read, LstmKernel.ROWS);
    this.gates = 4 * width;
    this.gradientRow = padded(read, kernel.columns()) + kernel.columns();
    this.weights = new float[readRow * gates];
    this.transposed = new float[gates * gradientRow];
    this.weightGradients = new float[readRow * gates];
  }

  private static int padded(int size, int to) {
    return (size + to - 1) / to * to;
  }

  /**
   * Takes the weights. Gates stand in DL4J's order: block input, forget, output, input gate.
   *
   * @param input (inputs, 4 * units)
   * @param recurrent (units, 4 * units)
   * @param bias (4 * units)
   */
  void load(float[] input, float[] recurrent, float[] bias) {
    for (int i = 0; i < inputs; i++) spread(input, i * 4 * units, i);
    spread(bias, 0, inputs);
    for (int i = 0; i < units; i++) spread(recurrent, i * 4 * units, inputs + 1 + i);
    for (int i = 0; i < read; i++)
      for (int j = 0; j < gates; j++) transposed[j * gradientRow + i] = weights[i * gates + j];
  }

  private void spread(float[] values, int from, int row) {
    for (int gate = 0; gate < 4; gate++) System.arraycopy(values, from + gate * units, weights, row * gates + gate * width, units);
  }

  /**
   * Each unit's largest output over a text's tokens.
   *
   * @param vectors (distinct tokens, inputs)
   * @param dropout (texts, inputs): what each text's inputs are multiplied by; null for nothing
   * @param training whether {@link #gradients} is called next, for which all steps are kept
   */
  void forward(TokenBatch batch, float[] vectors, float[] dropout, boolean training) {
    this.batch = batch;
    this.dropout = dropout;
    this.rows = padded(batch.size(), LstmKernel.ROWS);
    int kept = training ? batch.length() : 1;
    steps = atLeast(steps, (kept + 1) * rows * readRow);
    sums = atLeast(sums, kept * rows * gates);
    cells = atLeast(cells, (kept + 1) * rows * width);
    largest = atLeast(largest, rows * width);
    where = atLeast(where, rows * width);
    Arrays.fill(steps, 0, rows * readRow, 0);
    Arrays.fill(cells, 0, rows * width, 0);
    Arrays.fill(largest, 0, rows * width, Float.NEGATIVE_INFINITY);
    for (int step = 0; step < batch.length(); step++) {
      int texts = batch.reaching(step);
      int here = training ? step : step & 1;
      int next = training ? step + 1 : 1 - here;
      int from = here * rows * readRow;
      int to = training ? step * rows * gates : 0;
      for (int i = 0; i < texts; i++) read(i, step, vectors, from + i * readRow);
      int depth = step == 0 ? inputs + 1 : read;
      kernel.multiply(steps, from, readRow, 1, weights, 0, gates, sums, to, gates, padded(texts, LstmKernel.ROWS), gates, depth, false);
      for (int i = 0; i < texts; i++) {
        kernel.gates(
            sums, to + i * gates, cells, (here * rows + i) * width, (next * rows + i) * width,
            steps, (next * rows + i) * readRow + inputs + 1, largest, where, i * width, step, width);
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

  /** A text's largest outputs. */
  void pooled(int text, float[] to, int toFrom) {
    System.arraycopy(largest, text * width, to, toFrom, units);
  }

  /**
   * Goes back through the steps of the last {@link #forward}, which are used up.
   *
   * @param pooled (texts, row): the gradient of each text's largest outputs begins at {@code from} in its row
   * @param vectors whether the embedding's gradient is wanted
   */
  void gradients(float[] pooled, int from, int row, boolean vectors) {
    stepGradients = atLeast(stepGradients, rows * gradientRow);
    cellGradients = atLeast(cellGradients, rows * width);
    if (vectors) {
      vectorGradients = atLeast(vectorGradients, batch.distinct() * inputs);
      Arrays.fill(vectorGradients, 0, batch.distinct() * inputs, 0);
    }
    Arrays.fill(weightGradients, 0);
    Arrays.fill(stepGradients, 0, rows * gradientRow, 0);
    Arrays.fill(cellGradients, 0, rows * width, 0);
    for (int i = 0; i < batch.size(); i++) System.arraycopy(pooled, i * row + from, largest, i * width, units);
    int first = vectors ? 0 : inputs + 1; // of what a step reads, the columns whose gradients are wanted
    for (int step = batch.length() - 1; step >= 0; step--) {
      int texts = batch.reaching(step);
      int at = step * rows * gates;
      for (int i = 0; i < texts; i++) {
        kernel.gateGradients(
            sums, at + i * gates, cells, (step * rows + i) * width, ((step + 1) * rows + i) * width,
            stepGradients, i * gradientRow + inputs + 1, cellGradients, largest, where, i * width, step, width);
      }
      int readHere = step == 0 ? inputs + 1 : read;
      kernel.multiply(
          steps, step * rows * readRow, 1, readRow, sums, at, gates, weightGradients, 0, gates, padded(readHere, LstmKernel.ROWS), gates, texts, true);
      if (first >= readHere) continue;
      int padded = padded(texts, LstmKernel.ROWS);
      kernel.multiply(
          sums, at, gates, 1, transposed, first, gradientRow, stepGradients, first, gradientRow, padded, padded(readHere - first, kernel.columns()), gates, false);
      // A text that ends before this one has no later step.
      Arrays.fill(stepGradients, texts * gradientRow, padded * gradientRow, 0);
      for (int i = 0; vectors && i < texts; i++) {
        int to = token(i, step) * inputs;
        if (dropout == null) add(stepGradients, i * gradientRow, vectorGradients, to, inputs);
        else addProduct(stepGradients, i * gradientRow, dropout, i * inputs, vectorGradients, to, inputs);
      }
    }
  }

  /** Adds the gradient of a token's embedding. */
  void addVectorGradient(int token, float[] to) {
    add(vectorGradients, token * inputs, to, 0, inputs);
  }

  /** Gives the weights' gradients, in the shapes of {@link #load}. */
  void weightGradients(float[] input, float[] recurrent, float[] bias) {
    for (int i = 0; i < inputs; i++) gather(i, input, i * 4 * units);
    gather(inputs, bias, 0);
    for (int i = 0; i < units; i++) gather(inputs + 1 + i, recurrent, i * 4 * units);
  }

  private void gather(int row, float[] values, int to) {
    for (int gate = 0; gate < 4; gate++) System.arraycopy(weightGradients, row * gates + gate * width, values, to + gate * units, units);
  }

  private static float[] atLeast(float[] values, int size) {
    return values.length >= size ? values : new float[size + size / 4];
  }
}
