package io.deeptweet.model.score;

/**
 * The gates' functions over arrays, written so that the JIT compiler can turn their loops into vector instructions: no branches, no
 * calls. Both are off by at most 3e-7 from the exact value, a few units in the last place of a float near 1; a test measures it.
 */
final class Gates {
  private static final float LOG2_E = 1.4426950408889634f;
  // ln 2 in two parts: the first is exact in few bits, so that n * LN2_HIGH is exact too (Cody and Waite's reduction).
  private static final float LN2_HIGH = 0.693359375f;
  private static final float LN2_LOW = -2.12194440e-4f;
  /** Adding and subtracting it rounds a float to a whole number, below 2^22. */
  private static final float ROUND = 12582912f; // 1.5 * 2^23
  /** Beyond it a sigmoid is 0 or 1 in a float for our purpose, and exp2 stays within a float's exponents. */
  private static final float LIMIT = 40f;

  private Gates() {}

  /** Replaces each value in [from, to) by {@code 1 / (1 + e^-x)}. */
  static void sigmoid(float[] values, int from, int to) {
    for (int i = from; i < to; i++) values[i] = 1f / (1f + exp(-values[i]));
  }

  /** Replaces each value in [from, to) by {@code tanh x}. */
  static void tanh(float[] values, int from, int to) {
    for (int i = from; i < to; i++) values[i] = 2f / (1f + exp(-2f * values[i])) - 1f;
  }

  /**
   * e^x with x limited to ±{@value #LIMIT}: 2^n by the exponent's bits, times e^r for |r| <= ln 2 / 2 by a polynomial.
   *
   * @see <a href="https://netlib.org/cephes/">Cephes, expf.c</a>, whose coefficients these are
   */
  private static float exp(float x) {
    float limited = Math.max(-LIMIT, Math.min(LIMIT, x));
    float shifted = limited * LOG2_E + ROUND;
    float n = shifted - ROUND;
    float r = limited - n * LN2_HIGH - n * LN2_LOW;
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    float e = p * r * r + r + 1f;
    // The low bits of shifted hold n: moved into the exponent's place and added, they multiply by 2^n.
    return Float.intBitsToFloat(Float.floatToRawIntBits(e) + (Float.floatToRawIntBits(shifted) << 23));
  }
}
