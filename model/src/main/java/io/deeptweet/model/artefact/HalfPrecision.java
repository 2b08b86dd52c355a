// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

/**
 * Numbers of IEEE 754 half precision (binary16): 1 sign bit, 5 bits of exponent, 10 of significand. Java has these
 * conversions from version 20 on.
 */
final class HalfPrecision {
    /** The largest number. */
    static final float MAX_VALUE = 65504;

    /** Bits of the smallest float that would round to infinity: 65520. */
    private static final int OVERFLOW_BITS = 0x477FF000;
    /** Bits of the smallest normal number, 2^-14, as a float. */
    private static final int NORMAL_BITS = 0x38800000;
    /** Difference of the exponents' biases, at the place of a float's exponent. */
    private static final int REBIAS = (127 - 15) << 23;
    /** Bits by which a float's significand is longer. */
    private static final int SHIFT = 13;

    private HalfPrecision() {}

    /**
     * Rounds to the nearest half, ties to even.
     *
     * @return the bits of the half
     * @throws IllegalArgumentException if the value rounds to more than {@link #MAX_VALUE}, or is NaN
     */
    static short of(float value) {
        int bits = Float.floatToRawIntBits(value);
        int magnitude = bits & 0x7FFFFFFF;
        if (magnitude >= OVERFLOW_BITS)
            throw new IllegalArgumentException(value + " is beyond half precision, which reaches from -65504 to 65504");
        int half = magnitude < NORMAL_BITS
                ? (int) Math.rint(Math.abs((double) value) * 0x1p24) // subnormal: a multiple of 2^-24
                : magnitude - REBIAS + (1 << SHIFT - 1) - 1 + (magnitude >>> SHIFT & 1) >>> SHIFT;
        return (short) (bits >>> 16 & 0x8000 | half);
    }

    /** The value of a half's bits, which is exact as a float; also NaN and infinity. */
    static float toFloat(short half) {
        int magnitude = half & 0x7FFF;
        float value;
        if (magnitude < 0x400) value = magnitude * 0x1p-24f;
        else if (magnitude < 0x7C00) value = Float.intBitsToFloat((magnitude << SHIFT) + REBIAS);
        else value = magnitude == 0x7C00 ? Float.POSITIVE_INFINITY : Float.NaN;
        return half < 0 ? -value : value;
    }
}
