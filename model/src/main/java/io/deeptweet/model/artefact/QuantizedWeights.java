// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

/**
 * Weights as whole numbers from -127 to 127 and one scale: weight = value × scale.
 *
 * <p>Quantizing is stable: the weights that come out give the same values and the same scale again. For that the scale
 * has at most 17 significant bits, so that every product with a value is exact.
 *
 * @param scale positive; 127 times the scale is finite
 * @see <a href="https://arxiv.org/abs/1712.05877">Jacob et al.: Quantization and Training of Neural Networks for
 *     Efficient Integer-Arithmetic-Only Inference, 2018</a>
 */
record QuantizedWeights(byte[] values, float scale) {
    /** Largest absolute value. */
    static final int LARGEST = 127;

    /** Clears the last 7 of 24 significant bits, which a product with up to 127 needs. */
    private static final int SCALE_BITS = -1 << 7;
    /** Weights whose scale would be smaller become zero. */
    private static final float SMALLEST_SCALE = 0x1p-100f;
    /** Number of scales that are tried, each {@link #CLIPPING_STEP} times the one before. */
    private static final int CLIPPINGS = 24;

    private static final double CLIPPING_STEP = 0.93;

    /**
     * Rounds weights to the nearest multiples of a scale. The scale starts at largest weight / 127. Smaller scales,
     * which clip the largest weights and round the others less, are tried too; the one with the least sum of squared
     * errors is taken.
     *
     * @param weights finite
     */
    static QuantizedWeights of(float[] weights) {
        float largest = 0;
        for (float weight : weights) largest = Math.max(largest, Math.abs(weight));
        float best = scale(largest / (double) LARGEST);
        if (best < SMALLEST_SCALE) return new QuantizedWeights(new byte[weights.length], 1);
        double least = squaredError(weights, best);
        float start = best;
        for (int i = 1; i < CLIPPINGS && least > 0; i++) {
            float scale = scale(start * Math.pow(CLIPPING_STEP, i));
            double error = squaredError(weights, scale);
            if (error < least) {
                least = error;
                best = scale;
            }
        }
        byte[] values = new byte[weights.length];
        for (int i = 0; i < values.length; i++) values[i] = (byte) value(weights[i], best);
        return new QuantizedWeights(values, best);
    }

    /** Whether a scale is allowed: the largest weight must be finite, and no weight may vanish. */
    static boolean isScale(float scale) {
        return scale > 0 && Float.isFinite(scale * LARGEST);
    }

    private static float scale(double scale) {
        return Float.intBitsToFloat(Float.floatToIntBits((float) scale) & SCALE_BITS);
    }

    private static int value(float weight, float scale) {
        return (int) Math.max(-LARGEST, Math.min(LARGEST, Math.rint((double) weight / scale)));
    }

    private static double squaredError(float[] weights, float scale) {
        double sum = 0;
        for (float weight : weights) {
            if (weight == 0) continue;
            double error = (weight - (double) value(weight, scale) * scale);
            sum += error * error;
        }
        return sum;
    }
}
