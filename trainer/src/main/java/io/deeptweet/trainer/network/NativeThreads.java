// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * How many threads ND4J's native code takes. For matrices as small as ours one is fastest: more wait for each other.
 */
public final class NativeThreads {
    private NativeThreads() {}

    /**
     * Limits native threads, for the whole process.
     *
     * @param threads positive
     */
    public static void limit(int threads) {
        if (threads < 1) throw new IllegalArgumentException("there is no work with " + threads + " threads");
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }
}
