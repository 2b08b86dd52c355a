// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import io.deeptweet.model.score.KernelKind;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The scoring kernels on rows of the vocabulary: tweets per second of one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class KernelBenchmark {
    @State(Scope.Thread)
    public static class Kernels {
        @Param({"VECTOR", "SCALAR"})
        KernelKind kernel;

        KernelScorer scorer;

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            scorer = KernelScorer.of(rows.model, kernel);
        }
    }

    @Benchmark
    public Score kernel(Kernels kernels, BenchmarkTweets.Rows rows) {
        return kernels.scorer.networkScore(rows.next());
    }

    @State(Scope.Thread)
    public static class Batches {
        @Param({"4", "8", "16", "64"})
        int size;

        KernelScorer scorer;
        int[][][] all; // of mixed lengths

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            scorer = KernelScorer.of(rows.model, KernelKind.VECTOR);
            all = new int[BenchmarkTweets.COUNT / size][][];
            for (int i = 0; i < all.length; i++) all[i] = Arrays.copyOfRange(rows.all, i * size, (i + 1) * size);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BenchmarkTweets.COUNT)
    public double kernelTogether(Batches batches) {
        double sum = 0;
        for (int[][] batch : batches.all)
            sum += batches.scorer.networkScores(batch).get(0).polarity();
        return sum;
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public KernelScorer build(BenchmarkTweets.Rows rows, BuiltKernels kernels) {
        return KernelScorer.of(rows.model, kernels.kernel);
    }

    @State(Scope.Thread)
    public static class BuiltKernels {
        @Param({"VECTOR", "SCALAR"})
        KernelKind kernel;
    }

    /** The peak of the core: multiply-adds per second. */
    @Benchmark
    @OperationsPerInvocation(VectorPeak.OPERATIONS)
    public float peak() {
        return VectorPeak.run();
    }
}
