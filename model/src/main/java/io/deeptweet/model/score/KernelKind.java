// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

/** How a {@link KernelScorer} computes. Both kinds give the same probabilities to within 3e-6. */
public enum KernelKind {
    /** Plain Java, on every JVM. */
    SCALAR,
    /** The JDK's Vector API: several times faster, and needs {@code --add-modules jdk.incubator.vector}. */
    VECTOR;

    /** For logs and reports, such as {@code 256-bit vectors}. */
    public String description() {
        return this == VECTOR ? VectorKernel.description() : "plain Java";
    }
}
