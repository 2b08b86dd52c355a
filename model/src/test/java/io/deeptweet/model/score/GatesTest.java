package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GatesTest {
  private static final double LARGEST_ERROR = 4e-7;

  @Test
  void theGatesAreOffByNoMoreThanTheySay() {
    double sigmoid = 0;
    double tanh = 0;
    for (double x = -60; x <= 60; x += 1e-4) {
      float[] values = {(float) x, (float) x};
      double exact = values[0];
      Gates.sigmoid(values, 0, 1);
      Gates.tanh(values, 1, 2);
      sigmoid = Math.max(sigmoid, Math.abs(values[0] - 1 / (1 + Math.exp(-exact))));
      tanh = Math.max(tanh, Math.abs(values[1] - Math.tanh(exact)));
    }
    assertThat(sigmoid).isLessThan(LARGEST_ERROR);
    assertThat(tanh).isLessThan(LARGEST_ERROR);
  }

  @Test
  void extremesSaturate() {
    float[] values = {-1e30f, 1e30f, -1e30f, 1e30f};
    Gates.sigmoid(values, 0, 2);
    Gates.tanh(values, 2, 4);
    assertThat(values[0]).isCloseTo(0f, within((float) LARGEST_ERROR));
    assertThat(values[1]).isCloseTo(1f, within((float) LARGEST_ERROR));
    assertThat(values[2]).isCloseTo(-1f, within((float) LARGEST_ERROR));
    assertThat(values[3]).isCloseTo(1f, within((float) LARGEST_ERROR));
  }
}
