// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/**
 * An approximation of tanh for the gates: an odd polynomial of degree 9 over an even one of degree 8. Its error is at
 * most 4e-7, a few units in the last place of a float below 1, and half of that for a sigmoid that is made of it. A
 * test measures the error, also of the cells and outputs that {@link VectorLstmOps} computes with the same formula.
 *
 * <p>The loop has no branches, no calls and no access to the bits of a float, so the JIT compiler can turn it into
 * vector instructions.
 *
 * @see <a href="https://gitlab.com/libeigen/eigen">Eigen, MathFunctionsImpl.h</a>, {@code ptanh_float}, whose
 *     coefficients these are
 */
final class FastTanh {
    /** From this value on, tanh is 1 in the precision of a float. */
    static final float LIMIT = 7.90531110763549805f;

    static final float P9 = 1.394553628e-8f;
    static final float P7 = 2.102733560e-5f;
    static final float P5 = 3.520756727e-3f;
    static final float P3 = 1.340216100e-1f;

    static final float Q8 = 8.015776984e-7f;
    static final float Q6 = 3.326951409e-4f;
    static final float Q4 = 2.597254514e-2f;
    static final float Q2 = 4.673548340e-1f;

    private FastTanh() {}

    /** Replaces each value at the indices [from, to) by its tanh. */
    static void apply(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            float x = Math.max(-LIMIT, Math.min(LIMIT, values[i]));
            float s = x * x;
            float p = (((P9 * s + P7) * s + P5) * s + P3) * s + 1;
            float q = (((Q8 * s + Q6) * s + Q4) * s + Q2) * s + 1;
            values[i] = x * p / q;
        }
    }
}
