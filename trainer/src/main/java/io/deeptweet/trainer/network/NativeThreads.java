// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The number of threads that ND4J's native code uses. For matrices as small as these, one thread is fastest. */
public final class NativeThreads {
    private NativeThreads() {}

    /**
     * Limits the native threads of the whole process.
     *
     * @param threads maximum number of threads; positive
     * @throws IllegalArgumentException if the number is not positive
     */
    public static void limit(int threads) {
        if (threads < 1) throw new IllegalArgumentException("there is no work with " + threads + " threads");
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        Nd4j.factory().blas().setMaxThreads(threads);
    }
}
