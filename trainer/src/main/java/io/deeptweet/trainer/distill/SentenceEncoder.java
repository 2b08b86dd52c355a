// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.io.InputStream;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A pre-trained sentence encoder (a transformer in ONNX): from a text to a vector of {@value #SIZE} values, the mean
 * and the maximum of its tokens' states and the state of the first token. The encoders' authors use one of these;
 * together they classify tweets better. ONNX Runtime runs batches of texts of similar length on all processors.
 */
final class SentenceEncoder implements AutoCloseable {
    private static final int STATE = 384;
    static final int SIZE = 3 * STATE;
    /** Most tokens that are read of a text, the first ones; a tweet has about 30. */
    private static final int MAXIMUM_LENGTH = 128;

    private static final int BATCH = 16;

    /** The encoders on the class path. */
    enum Kind {
        /**
         * @see <a href="https://arxiv.org/abs/2212.03533">Wang et al.: Text Embeddings by Weakly-Supervised Contrastive
         *     Pre-training, 2022</a>
         */
        E5("e5-small-v2-q", "query: "),
        /**
         * @see <a href="https://arxiv.org/abs/2309.07597">Xiao et al.: C-Pack: Packed Resources For General Chinese
         *     Embeddings, 2023</a>
         */
        BGE("bge-small-en-v1.5-q", "");

        private final String file;
        private final String prefix; // that the encoder was trained with

        Kind(String file, String prefix) {
            this.file = file;
            this.prefix = prefix;
        }
    }

    private final Kind kind;
    private final HuggingFaceTokenizer tokenizer;
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());

    /** @throws IOException if the encoder's files cannot be read from the class path */
    SentenceEncoder(Kind kind) throws IOException {
        this.kind = kind;
        try (InputStream network = resource(".onnx");
                InputStream words = resource("-tokenizer.json");
                OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            tokenizer = HuggingFaceTokenizer.newInstance(words, Map.of("padding", "false", "truncation", "false"));
            options.setIntraOpNumThreads(1); // each of our threads runs a batch of its own
            session = environment.createSession(network.readAllBytes(), options);
        } catch (OrtException e) {
            throw new IOException(kind.file + ": " + e.getMessage(), e);
        }
    }

    private InputStream resource(String ending) {
        return SentenceEncoder.class.getResourceAsStream("/" + kind.file + ending);
    }

    /** (texts, {@value #SIZE}) the texts' vectors, each value of about the size of 1. */
    float[][] encode(List<String> texts) {
        long[][] tokens = Arrays.stream(tokenizer.batchEncode(
                        texts.stream().map(text -> kind.prefix + text).toList()))
                .map(Encoding::getIds)
                .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, MAXIMUM_LENGTH)))
                .toArray(long[][]::new);
        int[] order = IntStream.range(0, tokens.length)
                .boxed()
                .sorted(Comparator.comparingInt(i -> tokens[i].length))
                .mapToInt(i -> i)
                .toArray();
        float[][] vectors = new float[tokens.length][];
        Stream<Callable<Void>> batches = IntStream.iterate(0, from -> from < order.length, from -> from + BATCH)
                .mapToObj(from -> () -> {
                    int[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH));
                    float[][] encoded =
                            batch(IntStream.of(batch).mapToObj(i -> tokens[i]).toArray(long[][]::new));
                    for (int i = 0; i < batch.length; i++) vectors[batch[i]] = encoded[i];
                    return null;
                });
        try {
            for (var done : threads.invokeAll(batches.toList())) done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(kind.file + ": " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return vectors;
    }

    private float[][] batch(long[][] tokens) throws OrtException {
        int longest = Arrays.stream(tokens).mapToInt(ids -> ids.length).max().orElseThrow();
        long[] shape = {tokens.length, longest};
        long[] ids = new long[tokens.length * longest];
        long[] mask = new long[ids.length];
        for (int i = 0; i < tokens.length; i++) {
            System.arraycopy(tokens[i], 0, ids, i * longest, tokens[i].length);
            Arrays.fill(mask, i * longest, i * longest + tokens[i].length, 1);
        }
        try (OnnxTensor idTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape);
                OnnxTensor maskTensor = OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape);
                OnnxTensor types = OnnxTensor.createTensor(environment, LongBuffer.allocate(ids.length), shape);
                OrtSession.Result result = session.run(
                        Map.of("input_ids", idTensor, "attention_mask", maskTensor, "token_type_ids", types))) {
            float[][][] states = (float[][][]) result.get(0).getValue();
            return IntStream.range(0, tokens.length)
                    .mapToObj(i -> pooled(states[i], tokens[i].length))
                    .toArray(float[][]::new);
        }
    }

    /** Pools the first states, which are the text's tokens; the others are padding. */
    private static float[] pooled(float[][] states, int count) {
        float[] mean = new float[STATE];
        float[] maximum = states[0].clone();
        for (int token = 0; token < count; token++) {
            for (int i = 0; i < STATE; i++) {
                mean[i] += states[token][i]; // a sum is enough, as its length is scaled below
                maximum[i] = Math.max(maximum[i], states[token][i]);
            }
        }
        float[] pooled = new float[SIZE];
        putScaled(mean, pooled, 0);
        putScaled(maximum, pooled, STATE);
        putScaled(states[0], pooled, 2 * STATE);
        return pooled;
    }

    /** Scales a vector to the length √{@value #STATE}, so that its values are of about the size of 1. */
    private static void putScaled(float[] vector, float[] to, int at) {
        double squares = 0;
        for (float value : vector) squares += value * value;
        float scale = (float) Math.sqrt(STATE / squares);
        for (int i = 0; i < STATE; i++) to[at + i] = vector[i] * scale;
    }

    @Override
    public void close() {
        threads.shutdown();
        tokenizer.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(kind.file + ": " + e.getMessage(), e);
        }
    }
}
