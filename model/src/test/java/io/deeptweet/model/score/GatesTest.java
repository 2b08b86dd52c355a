package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatesTest {
  private static final double LARGEST_ERROR = 4e-7;

  /** Each replaces values by their tanh. */
  static Stream<Named<Consumer<float[]>>> kernels() {
    return Stream.of(Named.of("scalar", values -> Gates.tanh(values, 0, values.length)), Named.of("vector", GatesTest::vectorTanh));
  }

  private static void vectorTanh(float[] values) {
    int blocks = values.length / (4 * VectorKernel.LANES) + 1;
    float[] padded = Arrays.copyOf(values, blocks * 4 * VectorKernel.LANES);
    VectorKernel.gates(padded, 0, new float[blocks * VectorKernel.LANES], 0, new float[blocks * VectorKernel.LANES], 0, blocks);
    System.arraycopy(padded, 0, values, 0, values.length);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theFunctionIsOffByNoMoreThanItSays(Consumer<float[]> tanh) {
    float[] x = new float[1_200_000];
    for (int i = 0; i < x.length; i++) x[i] = (i - 600_000) * 5e-5f;
    float[] values = x.clone();
    tanh.accept(values);
    double largest = IntStream.range(0, x.length).mapToDouble(i -> Math.abs(values[i] - Math.tanh(x[i]))).max().orElseThrow();
    System.out.println("largest error of tanh: " + largest);
    assertThat(largest).isLessThan(LARGEST_ERROR);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void extremesSaturateAndWhatIsNoNumberStaysNone(Consumer<float[]> tanh) {
    float[] values = {-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, 0, -0f};
    tanh.accept(values);
    for (int i = 0; i < 4; i++) assertThat(values[i]).isCloseTo(i % 2 == 0 ? -1 : 1, within((float) LARGEST_ERROR));
    assertThat(values[4]).isNaN();
    assertThat(values[5]).isZero();
    assertThat(values[6]).isZero();
  }
}
