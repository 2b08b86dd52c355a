package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GatesTest {
  /**
   * Each replaces values by their tanh, with what it may be off by: a cell and an output by 5e-7, so what is read from a sigmoid by twice
   * that. A sigmoid's columns are halved before, so that it is {@code (1 + tanh) / 2}.
   */
  static Stream<Arguments> kernels() {
    return Stream.of(
        kernel("scalar", 4e-7, values -> Gates.tanh(values, 0, values.length)),
        kernel("vector, block input", 5e-7, values -> vector(values, 0, 0, 100, (cell, output) -> cell)),
        kernel("vector, forget gate", 1e-6, values -> vector(values, 1, 1, -100, (cell, output) -> 2 * cell - 1)),
        kernel("vector, output gate", 1e-6, values -> vector(values, 2, 100, 100, (cell, output) -> 2 * output - 1)));
  }

  private static Arguments kernel(String name, double largestError, Consumer<float[]> tanh) {
    return Arguments.of(Named.of(name, tanh), largestError);
  }

  private interface Read {
    float read(float cell, float output);
  }

  /**
   * What comes of a step for whole vectors of units, in which one gate has these values.
   *
   * @param gate in the order of a block: block input, forget, output, input
   * @param before the cells before
   * @param others the forget and the input gate's values where they are not asked for
   */
  private static void vector(float[] values, int gate, float before, float others, Read read) {
    int lanes = VectorKernel.LANES;
    int blocks = values.length / lanes + 1;
    float[] sums = new float[blocks * 4 * lanes];
    float[] cells = new float[blocks * lanes];
    float[] outputs = new float[cells.length];
    Arrays.fill(cells, before);
    for (int i = 0; i < cells.length; i++) {
      int at = i / lanes * 4 * lanes + i % lanes;
      sums[at + lanes] = others;
      sums[at + 3 * lanes] = others;
      sums[at + gate * lanes] = i < values.length ? values[i] : 0;
    }
    VectorKernel.gates(sums, new float[sums.length], 0, cells, 0, outputs, 0, blocks);
    for (int i = 0; i < values.length; i++) values[i] = read.read(cells[i], outputs[i]);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theFunctionIsOffByNoMoreThanItSays(Consumer<float[]> tanh, double largestError) {
    float[] x = new float[1_200_000];
    for (int i = 0; i < x.length; i++) x[i] = (i - 600_000) * 5e-5f;
    float[] values = x.clone();
    tanh.accept(values);
    double largest = IntStream.range(0, x.length).mapToDouble(i -> Math.abs(values[i] - Math.tanh(x[i]))).max().orElseThrow();
    System.out.println("largest error of tanh: " + largest);
    assertThat(largest).isLessThan(largestError);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void extremesSaturateAndWhatIsNoNumberStaysNone(Consumer<float[]> tanh, double largestError) {
    float[] values = {-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, 0, -0f};
    tanh.accept(values);
    for (int i = 0; i < 4; i++) assertThat(values[i]).isCloseTo(i % 2 == 0 ? -1 : 1, within((float) largestError));
    assertThat(values[4]).isNaN();
    assertThat(values[5]).isCloseTo(0, within((float) largestError));
    assertThat(values[6]).isCloseTo(0, within((float) largestError));
  }
}
