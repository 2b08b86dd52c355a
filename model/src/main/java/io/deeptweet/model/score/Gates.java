package io.deeptweet.model.score;

/**
 * The gates' functions over arrays, written so that the JIT compiler turns their loops into vector instructions: no branches, no calls,
 * no bits of floats. Both are off by at most 4e-7 from the exact value, a few units in the last place of a float near 1; a test
 * measures it.
 */
final class Gates {
  /** From here on the approximation is 1 to a float's precision. */
  private static final float LIMIT = 7.90531110763549805f;

  private Gates() {}

  /** Replaces each value in [from, to) by {@code 1 / (1 + e^-x)}, which is {@code (1 + tanh(x / 2)) / 2}. */
  static void sigmoid(float[] values, int from, int to) {
    for (int i = from; i < to; i++) values[i] = 0.5f + 0.5f * tanh(0.5f * values[i]);
  }

  /** Replaces each value in [from, to) by {@code tanh x}. */
  static void tanh(float[] values, int from, int to) {
    for (int i = from; i < to; i++) values[i] = tanh(values[i]);
  }

  /**
   * An odd polynomial of degree 13 over an even one of degree 6.
   *
   * @see <a href="https://eigen.tuxfamily.org">Eigen, MathFunctionsImpl.h</a>, {@code generic_fast_tanh_float}, whose coefficients these are
   */
  private static float tanh(float value) {
    float x = Math.max(-LIMIT, Math.min(LIMIT, value));
    float s = x * x;
    float p = -2.76076847742355e-16f;
    p = p * s + 2.00018790482477e-13f;
    p = p * s + -8.60467152213735e-11f;
    p = p * s + 5.12229709037114e-08f;
    p = p * s + 1.48572235717979e-05f;
    p = p * s + 6.37261928875436e-04f;
    p = p * s + 4.89352455891786e-03f;
    float q = 1.19825839466702e-06f;
    q = q * s + 1.18534705686654e-04f;
    q = q * s + 2.26843463243900e-03f;
    q = q * s + 4.89352518554385e-03f;
    return x * p / q;
  }
}
