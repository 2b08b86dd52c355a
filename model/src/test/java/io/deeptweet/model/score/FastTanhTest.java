// SPDX-License-Identifier: Apache-2.0
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

class FastTanhTest {
    private static final double LARGEST_ERROR = 4e-7;
    /** The largest value of the sigmoid. */
    private static final double OPEN = (1 + Math.tanh(FastTanh.LIMIT)) / 2;

    /** Implementations that replace values by their tanh. */
    static Stream<Named<Consumer<float[]>>> kernels() {
        return Stream.of(
                Named.of("scalar", values -> FastTanh.apply(values, 0, values.length)),
                Named.of("vector, of inputs", values -> vectorTanh(values, true)),
                Named.of("vector, of cells", values -> vectorTanh(values, false)));
    }

    /**
     * Computes tanh by {@link VectorLstmOps#gates}. With open input gates and cells of 0, the next cell is the tanh of
     * the block input. With open output and forget gates, an output is the tanh of its cell.
     */
    private static void vectorTanh(float[] values, boolean ofInputs) {
        int lanes = VectorLstmOps.LANES;
        int blocks = (values.length + lanes - 1) / lanes;
        float[] gates = new float[blocks * 4 * lanes];
        float[] cells = new float[blocks * lanes];
        float[] outputs = new float[blocks * lanes];
        Arrays.fill(gates, FastTanh.LIMIT);
        for (int i = 0; i < cells.length; i++) {
            float value = i < values.length ? values[i] : 0;
            gates[i / lanes * 4 * lanes + i % lanes] = ofInputs ? value : 0;
            cells[i] = ofInputs ? 0 : value;
        }
        VectorLstmOps.gates(gates, 0, cells, 0, outputs, 0, blocks);
        for (int i = 0; i < values.length; i++) values[i] = (float) ((ofInputs ? cells[i] : outputs[i]) / OPEN);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void theErrorIsWithinItsDocumentedBound(Consumer<float[]> tanh) {
        float[] x = new float[1_200_000];
        for (int i = 0; i < x.length; i++) x[i] = (i - 600_000) * 5e-5f;
        float[] values = x.clone();
        tanh.accept(values);
        double largest = IntStream.range(0, x.length)
                .mapToDouble(i -> Math.abs(values[i] - Math.tanh(x[i])))
                .max()
                .orElseThrow();
        System.out.println("largest error of tanh: " + largest);
        assertThat(largest).isLessThan(LARGEST_ERROR);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void extremesSaturateAndNanStaysNan(Consumer<float[]> tanh) {
        float[] values = {-1e30f, 1e30f, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, Float.NaN, 0, -0f};
        tanh.accept(values);
        for (int i = 0; i < 4; i++) assertThat(values[i]).isCloseTo(i % 2 == 0 ? -1 : 1, within((float) LARGEST_ERROR));
        assertThat(values[4]).isNaN();
        assertThat(values[5]).isZero();
        assertThat(values[6]).isZero();
    }
}
