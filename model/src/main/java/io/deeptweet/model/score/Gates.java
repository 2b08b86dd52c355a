// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * The gates' function in plain Java, written so that the JIT compiler turns its loop into vector instructions: no
 * branches, no calls, no bits of floats. {@link VectorKernel} has the same formula.
 *
 * <p>tanh is an odd polynomial of degree 9 over an even one of degree 8, off by at most 4e-7 from the exact value, a
 * few units in the last place of a float below 1; a sigmoid made of it by at most half of that. Where
 * {@link VectorKernel} puts them together with one division, a cell or an output is off by no more either. A test
 * measures it.
 *
 * @see <a href="https://gitlab.com/libeigen/eigen">Eigen, MathFunctionsImpl.h</a>, {@code ptanh_float}, whose
 *     coefficients these are
 */
final class Gates {
    /** From here on the approximation is 1 to a float's precision. */
    static final float LIMIT = 7.90531110763549805f;

    static final float P9 = 1.394553628e-8f;
    static final float P7 = 2.102733560e-5f;
    static final float P5 = 3.520756727e-3f;
    static final float P3 = 1.340216100e-1f;

    static final float Q8 = 8.015776984e-7f;
    static final float Q6 = 3.326951409e-4f;
    static final float Q4 = 2.597254514e-2f;
    static final float Q2 = 4.673548340e-1f;

    private Gates() {}

    /** Replaces each value in [from, to) by its tanh. */
    static void tanh(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            float x = Math.max(-LIMIT, Math.min(LIMIT, values[i]));
            float s = x * x;
            float p = (((P9 * s + P7) * s + P5) * s + P3) * s + 1;
            float q = (((Q8 * s + Q6) * s + Q4) * s + Q2) * s + 1;
            values[i] = x * p / q;
        }
    }
}
