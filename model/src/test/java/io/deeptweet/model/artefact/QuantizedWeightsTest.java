// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.artefact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedWeightsTest {
    private static float[] random(long seed, int size, double deviation) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) (random.nextGaussian() * deviation);
        return values;
    }

    private static float[] floats(QuantizedWeights quantized) {
        float[] values = new float[quantized.values().length];
        for (int i = 0; i < values.length; i++) values[i] = quantized.values()[i] * quantized.scale();
        return values;
    }

    /** Otherwise a model would have another version each time that it is written. */
    @ParameterizedTest
    @ValueSource(doubles = {1e-40, 1e-30, 1e-3, 0.3, 1, 40, 1e30, 5e37})
    void quantizingAgainChangesNothing(double deviation) {
        for (long seed = 0; seed < 300; seed++) {
            QuantizedWeights first = QuantizedWeights.of(random(seed, 1 << seed % 12, deviation));
            QuantizedWeights second = QuantizedWeights.of(floats(first));
            assertThat(second.scale()).isEqualTo(first.scale());
            assertThat(second.values()).isEqualTo(first.values());
            assertThat(QuantizedWeights.isScale(first.scale())).isTrue();
        }
    }

    /** Also of a weight far away from the others. */
    @Test
    void theErrorIsAtMostHalfOfTheScale() {
        float[] weights = random(2, 10_000, 0.05);
        weights[7] = 1.5f;
        QuantizedWeights quantized = QuantizedWeights.of(weights);
        assertThat(quantized.values()[7]).isEqualTo((byte) 127);
        assertThat(quantized.scale()).isBetween(0.9999f * 1.5f / 127, 1.5f / 127);
        float[] rounded = floats(quantized);
        for (int i = 0; i < weights.length; i++)
            assertThat(Math.abs(rounded[i] - weights[i])).isLessThan(0.501f * quantized.scale());
    }

    @Test
    void zeroStaysZero() {
        QuantizedWeights zeros = QuantizedWeights.of(new float[8]);
        assertThat(zeros.values()).containsOnly(0);
        assertThat(zeros.scale()).isEqualTo(1);
        float[] sparse = new float[8];
        sparse[3] = -0.7f;
        assertThat(QuantizedWeights.of(sparse).values()).containsExactly(0, 0, 0, -127, 0, 0, 0, 0);
    }

    @Test
    void theLargestFloatsStayFinite() {
        float[] weights = {Float.MAX_VALUE, -Float.MAX_VALUE, 0, 1e38f};
        float[] rounded = floats(QuantizedWeights.of(weights));
        assertThat(rounded[0]).isCloseTo(Float.MAX_VALUE, withinPercentage(0.01));
        assertThat(rounded[1]).isEqualTo(-rounded[0]);
    }
}
