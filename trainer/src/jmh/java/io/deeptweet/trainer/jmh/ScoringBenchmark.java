// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.KernelKind;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.TokenBuffer;
import io.deeptweet.trainer.network.BiLstm;
import java.nio.LongBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** Tweets per second of one thread. {@link BenchmarkTable} runs all of it. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ScoringBenchmark {
    /** Made tweets, one after the other. */
    @State(Scope.Thread)
    public static class Rows {
        final ModelArtefact model = Tweets.model();
        final int[][] all = Tweets.rows(model.vocabulary());
        private int next;

        int[] next() {
            next = next + 1 == all.length ? 0 : next + 1;
            return all[next];
        }
    }

    /** The sample's tweets, one after the other. */
    @State(Scope.Thread)
    public static class Texts {
        final ModelArtefact model = Tweets.model();
        final List<String> all = Tweets.texts();
        final TokenBuffer tokens = new TokenBuffer();
        final int[] rows = new int[model.maximumLength()];
        private int next;

        String next() {
            next = next + 1 == all.size() ? 0 : next + 1;
            return all.get(next);
        }
    }

    // ---- the kernel

    @State(Scope.Thread)
    public static class Kernels {
        @Param({"VECTOR", "SCALAR"})
        KernelKind kernel;

        KernelScorer scorer;

        @Setup
        public void build(Rows rows) {
            scorer = KernelScorer.of(rows.model, kernel);
        }
    }

    @Benchmark
    public float kernel(Kernels kernels, Rows rows) {
        return kernels.scorer.probability(rows.next());
    }

    @State(Scope.Thread)
    public static class Batches {
        @Param({"4", "8", "16", "64"})
        int size;

        KernelScorer scorer;
        int[][][] all; // as they come: any lengths beside each other

        @Setup
        public void build(Rows rows) {
            scorer = KernelScorer.of(rows.model, KernelKind.VECTOR);
            all = new int[Tweets.COUNT / size][][];
            for (int i = 0; i < all.length; i++) all[i] = Arrays.copyOfRange(rows.all, i * size, (i + 1) * size);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Tweets.COUNT)
    public double kernelTogether(Batches batches) {
        double sum = 0;
        for (int[][] batch : batches.all) sum += batches.scorer.probabilities(batch)[0];
        return sum;
    }

    // ---- training

    @State(Scope.Thread)
    public static class Lessons {
        @Param({"FUSED", "STOCK"})
        BiLstm.Encoder encoder;

        BiLstm network;
        int[][][] batches; // of one length each, as training takes them
        final float[] targets = new float[Tweets.OF_EACH_LENGTH];

        @Setup
        public void build(Rows rows) {
            network = BiLstm.initial(BiLstm.Shape.PAPER, new BiLstm.Training(1e-3, 0, 0.5, 0.2, 1, false), encoder);
            batches = Tweets.batches(rows.all, targets.length);
            for (int i = 0; i < targets.length; i += 2) targets[i] = 1;
        }
    }

    /** Forward, backward and Adam's step. */
    @Benchmark
    @OperationsPerInvocation(Tweets.COUNT)
    @Warmup(iterations = 2, time = 2)
    @Measurement(iterations = 3, time = 4)
    public double training(Lessons lessons) {
        double loss = 0;
        for (int[][] batch : lessons.batches) loss += lessons.network.train(batch, lessons.targets);
        return loss;
    }

    // ---- from text to score

    @State(Scope.Thread)
    public static class Scorers {
        KernelScorer scorer;

        @Setup
        public void build(Texts texts) {
            scorer = KernelScorer.of(texts.model);
        }
    }

    @Benchmark
    public Score score(Scorers scorers, Texts texts) {
        return scorers.scorer.score(texts.next());
    }

    @Benchmark
    public Explanation explanation(Scorers scorers, Texts texts) {
        return scorers.scorer.explain(texts.next());
    }

    @Benchmark
    public int text(Texts texts) {
        texts.model.pipeline().read(texts.next(), texts.model.maximumLength(), texts.tokens);
        int sum = 0;
        for (int token = 0; token < texts.tokens.count(); token++)
            sum += texts.rows[token] = texts.model.vocabulary().row(texts.tokens, token);
        return sum;
    }

    @Benchmark
    public int[] textByItsDefinition(Texts texts) {
        return texts.model
                .vocabulary()
                .rows(TextPipeline.deepTweet().tokens(texts.next()), texts.model.maximumLength());
    }

    @State(Scope.Thread)
    public static class ScorersWithoutNgrams {
        KernelScorer scorer;

        @Setup
        public void build(Texts texts) {
            Weights weights = texts.model.weights();
            scorer = KernelScorer.of(ModelArtefact.of(
                    "without-ngrams",
                    texts.model.pipeline(),
                    texts.model.maximumLength(),
                    texts.model.vocabulary(),
                    weights.withSum(weights.dense(), weights.denseBias(), new float[0]),
                    new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "none", "{}")));
        }
    }

    /** What the n-grams cost is the difference to {@link #score}. */
    @Benchmark
    public Score scoreWithoutNgrams(ScorersWithoutNgrams scorers, Texts texts) {
        return scorers.scorer.score(texts.next());
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public KernelScorer build(Rows rows, BuiltKernels kernels) {
        return KernelScorer.of(rows.model, kernels.kernel);
    }

    @State(Scope.Thread)
    public static class BuiltKernels {
        @Param({"VECTOR", "SCALAR"})
        KernelKind kernel;
    }

    // ---- what others do with the same weights

    @State(Scope.Thread)
    public static class Dl4j {
        MultiLayerNetwork network;
        INDArray[] features;
        private int next;

        @Setup
        public void build(Rows rows) {
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
        public void build(Rows rows) {
            network = Dl4j.network(rows.model);
            features = Arrays.stream(Tweets.batches(rows.all, size))
                    .map(Dl4j::features)
                    .toArray(INDArray[]::new);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Tweets.COUNT)
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
        public void build(Rows rows) throws OrtException {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setIntraOpNumThreads(1);
                options.setInterOpNumThreads(1);
                session = environment.createSession(OnnxModel.of(rows.model.weights()), options);
            }
            KernelScorer scorer = KernelScorer.of(rows.model);
            for (int[][] batch : Tweets.batches(rows.all, 64)) {
                float[] probabilities = run(batch);
                for (int i = 0; i < batch.length; i++)
                    if (!(Math.abs(probabilities[i] - scorer.probability(batch[i])) < 1e-5))
                        throw new IllegalStateException("ONNX Runtime says " + probabilities[i] + ", the kernel "
                                + scorer.probability(batch[i]));
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
    public float[] onnx(Onnx onnx, Rows rows) throws OrtException {
        return onnx.run(new int[][] {rows.next()});
    }

    @State(Scope.Thread)
    public static class OnnxBatches {
        @Param({"8", "16", "32", "64", "256"})
        int size;

        int[][][] all;

        @Setup
        public void build(Rows rows) {
            all = Tweets.batches(rows.all, size);
        }
    }

    @Benchmark
    @OperationsPerInvocation(Tweets.COUNT)
    public double onnxTogether(Onnx onnx, OnnxBatches batches) throws OrtException {
        double sum = 0;
        for (int[][] batch : batches.all) sum += onnx.run(batch)[0];
        return sum;
    }

    // ---- the machine

    /** The core's peak: so many multiply-adds per second. */
    @Benchmark
    @OperationsPerInvocation(VectorPeak.OPERATIONS)
    public float peak() {
        return VectorPeak.run();
    }
}
