// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import io.deeptweet.trainer.network.BiLstm;
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

/** Training: tweets per second of one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrainingBenchmark {
    @State(Scope.Thread)
    public static class Networks {
        @Param({"FUSED", "STOCK"})
        BiLstm.Encoder encoder;

        BiLstm network;
        int[][][] batches; // of one length each, as in training
        final float[] targets = new float[BenchmarkTweets.OF_EACH_LENGTH];

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            network = BiLstm.initial(BiLstm.Shape.PAPER, new BiLstm.Training(1e-3, 0, 0.5, 0.2, 1, false), encoder);
            batches = BenchmarkTweets.batches(rows.all, targets.length);
            for (int i = 0; i < targets.length; i += 2) targets[i] = 1;
        }
    }

    /** Forward pass, backward pass and Adam's step. */
    @Benchmark
    @OperationsPerInvocation(BenchmarkTweets.COUNT)
    @Warmup(iterations = 2, time = 2)
    @Measurement(iterations = 3, time = 4)
    public double training(Networks networks) {
        double loss = 0;
        for (int[][] batch : networks.batches) loss += networks.network.train(batch, networks.targets);
        return loss;
    }
}
