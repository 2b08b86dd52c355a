// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.network.BiLstm;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** DL4J and ONNX Runtime with the same weights: tweets per second of one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class RuntimesBenchmark {
    @State(Scope.Thread)
    public static class Dl4j {
        MultiLayerNetwork network;
        INDArray[] features;
        private int next;

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            network = network(rows.model);
            features = Arrays.stream(rows.all)
                    .limit(500)
                    .map(text -> features(new int[][] {text}))
                    .toArray(INDArray[]::new);
        }

        static MultiLayerNetwork network(ModelArtefact model) {
            return BiLstm.of(model.weights(), BiLstm.Encoder.STOCK).network();
        }

        static INDArray features(int[][] texts) {
            float[][] features = new float[texts.length][texts[0].length];
            for (int i = 0; i < texts.length; i++)
                for (int token = 0; token < features[i].length; token++) features[i][token] = texts[i][token];
            return Nd4j.create(features);
        }
    }

    @Benchmark
    public INDArray dl4j(Dl4j dl4j) {
        dl4j.next = (dl4j.next + 1) % dl4j.features.length;
        return dl4j.network.output(dl4j.features[dl4j.next]);
    }

    @State(Scope.Thread)
    public static class Dl4jBatches {
        @Param({"64", "128", "256"})
        int size;

        MultiLayerNetwork network;
        INDArray[] features;

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            network = Dl4j.network(rows.model);
            features = Arrays.stream(BenchmarkTweets.batches(rows.all, size))
                    .map(Dl4j::features)
                    .toArray(INDArray[]::new);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BenchmarkTweets.COUNT)
    public double dl4jTogether(Dl4jBatches batches) {
        double sum = 0;
        for (INDArray batch : batches.features)
            sum += batches.network.output(batch).getDouble(0);
        return sum;
    }

    @State(Scope.Thread)
    public static class Onnx {
        OrtSession session;

        @Setup(Level.Trial)
        public void build(BenchmarkTweets.Rows rows) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                session = environment.createSession(OnnxModel.of(rows.model.weights()), options);
            }
            KernelScorer scorer = KernelScorer.of(rows.model);
            for (int[][] batch : BenchmarkTweets.batches(rows.all, 64)) {
                float[] probabilities = run(batch);
                for (int i = 0; i < batch.length; i++)
                    if (!(Math.abs(probabilities[i]
                                    - scorer.networkScore(batch[i]).polarity())
                            < 1e-5))
                        throw new IllegalStateException("ONNX Runtime says " + probabilities[i] + ", the kernel "
                                + scorer.networkScore(batch[i]).polarity());
            }
        }

        float[] run(int[][] texts) throws OrtException {
            int length = texts[0].length;
            LongBuffer rows = LongBuffer.allocate(length * texts.length);
            for (int token = 0; token < length; token++) for (int[] text : texts) rows.put(text[token]);
            try (OnnxTensor input = OnnxTensor.createTensor(
                            OrtEnvironment.getEnvironment(), rows.flip(), new long[] {length, texts.length});
                    OrtSession.Result result = session.run(Map.of("rows", input))) {
                float[] probabilities = new float[texts.length];
                ((OnnxTensor) result.get(0)).getFloatBuffer().get(probabilities);
                return probabilities;
            }
        }

        @TearDown
        public void close() throws OrtException {
            session.close();
        }
    }

    @Benchmark
    public float[] onnx(Onnx onnx, BenchmarkTweets.Rows rows) throws OrtException {
        return onnx.run(new int[][] {rows.next()});
    }

    @State(Scope.Thread)
    public static class OnnxBatches {
        @Param({"8", "16", "32", "64", "256"})
        int size;

        int[][][] all;

        @Setup
        public void build(BenchmarkTweets.Rows rows) {
            all = BenchmarkTweets.batches(rows.all, size);
        }
    }

    @Benchmark
    @OperationsPerInvocation(BenchmarkTweets.COUNT)
    public double onnxTogether(Onnx onnx, OnnxBatches batches) throws OrtException {
        double sum = 0;
        for (int[][] batch : batches.all) sum += onnx.run(batch)[0];
        return sum;
    }
}
