// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.deeptweet.model.artefact.Weights;

/**
 * One direction of the LSTM with its share of the dense layer, compiled for scoring. The embedding does not change any
 * more, so embedding × input weights + bias is one table with a row per word: a look-up per token. What is left is the
 * recurrent product and the gates.
 *
 * <p>A sigmoid is {@code (1 + tanh(x / 2)) / 2}: its columns are halved when they are compiled, which is exact, so that
 * one function serves all gates.
 *
 * <p>Immutable; what a text needs while it is read is the {@link Scratch} of its thread.
 */
abstract sealed class Kernel permits ScalarKernel, VectorKernel {
    final int units;
    /** How many values a token's outputs take: the units, and zeros behind them to a whole number of vectors. */
    final int width;

    final float[] dense; // (width)
    final boolean backwards;

    Kernel(Weights weights, boolean backwards, int width) {
        this.units = weights.units();
        this.width = width;
        this.dense = new float[width];
        this.backwards = backwards;
        System.arraycopy(weights.dense(), backwards ? units : 0, dense, 0, units);
    }

    /**
     * Finite weights may still add up to no number.
     *
     * @throws IllegalArgumentException if one of the table's values, from {@code from} on, is infinite or none
     */
    static void requireFinite(float[] table, int from) {
        for (int i = from; i < table.length; i++)
            if (!Float.isFinite(table[i]))
                throw new IllegalArgumentException("embedding × input weights + bias comes to " + table[i]);
    }

    /**
     * Compiles one direction of the LSTM.
     *
     * @throws IllegalArgumentException if the weights add up to no finite table
     */
    static Kernel compile(KernelKind kind, Weights weights, boolean backwards) {
        return switch (kind) {
            case SCALAR -> new ScalarKernel(weights, backwards);
            case VECTOR -> new VectorKernel(weights, backwards);
        };
    }

    /** The fastest kind that this JVM runs; logged when it is first asked for. */
    static KernelKind fastest() {
        return Choice.VECTORS ? KernelKind.VECTOR : KernelKind.SCALAR;
    }

    /** Chosen once, and said once; apart, so that no class waits for another that waits for it. */
    private static final class Choice {
        private static final boolean VECTORS = vectors();

        private static boolean vectors() {
            System.Logger log = System.getLogger(KernelScorer.class.getName());
            String jvm = System.getProperty("java.vm.info", "");
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                log.log(
                        WARNING,
                        "Scoring in plain Java, which is several times slower than with vector instructions: start java with --add-modules jdk.incubator.vector");
            } else if (jvm.contains("emulated-client") || jvm.contains("interpreted")) {
                log.log(
                        WARNING,
                        "Scoring in plain Java, since this JVM's best compiler is off: start java without -XX:TieredStopAtLevel and -Xint");
            } else {
                log.log(INFO, "Scoring with {0}", VectorKernel.description());
                return true;
            }
            return false;
        }
    }

    /**
     * This direction's share of a text's logit: the sum over the units of dense weight × largest output over the
     * tokens. Leaves the outputs in {@link Scratch#outputs}, (length, width), in the order in which this direction
     * reads.
     *
     * @param rows of the vocabulary, in the order of the text
     * @param length how many of them are the text's; at least one
     */
    abstract double logit(int[] rows, int length, Scratch scratch);

    /**
     * Adds this direction's share of the logits of many texts.
     *
     * @param texts rows of the vocabulary; those without any are left as they are
     */
    void addLogits(int[][] texts, double[] logits, Scratch scratch) {
        for (int i = 0; i < texts.length; i++)
            if (texts[i].length > 0) logits[i] += logit(texts[i], texts[i].length, scratch);
    }

    /**
     * Adds to each token's term those of the units whose output is largest at it, of the text whose {@link #logit} was
     * asked for last.
     */
    final void addTerms(double[] terms, int length, Scratch scratch) {
        float[] outputs = scratch.outputs;
        for (int j = 0; j < units; j++) {
            int largest = 0;
            for (int i = 1; i < length; i++) if (outputs[i * width + j] > outputs[largest * width + j]) largest = i;
            terms[token(largest, length)] += (double) dense[j] * outputs[largest * width + j];
        }
    }

    /** The token that is read at a step; both count from 0. */
    final int token(int step, int length) {
        return backwards ? length - 1 - step : step;
    }
}
