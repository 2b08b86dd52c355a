// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

/** How a {@link KernelScorer} computes. The probabilities of both kinds differ by at most 3e-6. */
public enum KernelKind {
    /** Plain Java, on every JVM. */
    SCALAR,
    /** The JDK's Vector API. Several times faster, but needs {@code --add-modules jdk.incubator.vector}. */
    VECTOR;

    /** The fastest kind that this JVM runs. The first call logs the choice, and how to make scoring faster. */
    static KernelKind fastest() {
        return Fastest.KIND;
    }

    /** A description for logs and reports, such as {@code 256-bit vectors}. */
    public String description() {
        return this == VECTOR ? VectorKernel.description() : "plain Java";
    }

    /** A class of its own, so that the choice is made and logged once. */
    private static final class Fastest {
        private static final KernelKind KIND = choose();

        private static KernelKind choose() {
            System.Logger log = System.getLogger(KernelScorer.class.getName());
            String jvm = System.getProperty("java.vm.info", "");
            if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
                log.log(
                        WARNING,
                        "Scoring in plain Java, which is several times slower than with vector instructions: "
                                + "start java with --add-modules jdk.incubator.vector");
                return SCALAR;
            }
            if (jvm.contains("emulated-client") || jvm.contains("interpreted")) {
                log.log(
                        WARNING,
                        "Scoring in plain Java, since this JVM's best compiler is off: "
                                + "start java without -XX:TieredStopAtLevel and -Xint");
                return SCALAR;
            }
            log.log(INFO, "Scoring with {0}", VECTOR.description());
            return VECTOR;
        }
    }
}
