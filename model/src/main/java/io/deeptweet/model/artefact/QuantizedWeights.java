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

    /**
     * Rounds weights to the nearest multiples of largest weight / 127, so no error is more than half of the scale.
     *
     * <p>A smaller scale, which clips the largest weights, has a smaller mean squared error. But these weights belong
     * to frequent n-grams: with the scale of the least squared error, a probability of the model v3-live changed by up
     * to 0.19.
     *
     * @param weights finite
     */
    static QuantizedWeights of(float[] weights) {
        float largest = 0;
        for (float weight : weights) largest = Math.max(largest, Math.abs(weight));
        float scale = Float.intBitsToFloat(Float.floatToIntBits((float) (largest / (double) LARGEST)) & SCALE_BITS);
        byte[] values = new byte[weights.length];
        if (scale < SMALLEST_SCALE) return new QuantizedWeights(values, 1);
        for (int i = 0; i < values.length; i++) values[i] = (byte) Math.rint((double) weights[i] / scale);
        return new QuantizedWeights(values, scale);
    }

    /** Whether a scale is allowed: the largest weight must be finite, and no weight may vanish. */
    static boolean isScale(float scale) {
        return scale > 0 && Float.isFinite(scale * LARGEST);
    }
}
