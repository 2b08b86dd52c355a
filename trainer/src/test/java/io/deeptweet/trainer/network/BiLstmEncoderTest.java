// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.trainer.network.BiLstm.Encoder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's own layers are the definition. */
class BiLstmEncoderTest {
    private static final BiLstm.Training WITHOUT_DROPOUT = new BiLstm.Training(1e-3, 0, 0, 0, 3, false);

    @TempDir
    Path folder;

    private static int[][] texts(int count, int length, int words, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> random.ints(length, 1, words).toArray())
                .toArray(int[][]::new);
    }

    private static boolean[] labels(int count, long seed) {
        Random random = new Random(seed);
        boolean[] labels = new boolean[count];
        for (int i = 0; i < count; i++) labels[i] = random.nextBoolean();
        return labels;
    }

    private static INDArray features(int[][] texts) {
        return Nd4j.createFromArray(Arrays.stream(texts)
                .map(text -> IntStream.of(text).mapToObj(i -> (float) i).toArray(Float[]::new))
                .toArray(Float[][]::new));
    }

    private static INDArray labels(boolean[] positive) {
        INDArray labels = Nd4j.create(DataType.FLOAT, positive.length, 1);
        for (int i = 0; i < positive.length; i++) labels.putScalar(i, positive[i] ? 1 : 0);
        return labels;
    }

    /** The mean gradients of a batch, by the parameters' names in {@link Weights}. */
    private static Weights gradients(BiLstm network, int[][] texts, boolean[] positive) {
        MultiLayerNetwork behind = network.network();
        behind.setInput(features(texts));
        behind.setLabels(labels(positive));
        behind.computeGradientAndScore();
        behind.params().assign(behind.gradient().gradient());
        Weights gradients = network.weights();
        // The encoder's own gradient of the embedding is a mean already, the others are sums.
        boolean fused = behind.getLayer(0) instanceof BiLstmEncoderLayer;
        float[] embedding = gradients.embedding();
        for (int i = 0; fused && i < embedding.length; i++) embedding[i] *= texts.length;
        return gradients;
    }

    private static void assertAlike(Weights actual, Weights expected, float relative, String what) {
        assertAlike(actual.embedding(), expected.embedding(), relative, what + ", embedding");
        assertAlike(actual.forward(), expected.forward(), relative, what + ", forward");
        assertAlike(actual.backward(), expected.backward(), relative, what + ", backward");
        assertAlike(actual.dense(), expected.dense(), relative, what + ", dense");
        assertThat(actual.denseBias()).as(what).isCloseTo(expected.denseBias(), within(relative));
    }

    private static void assertAlike(Weights.Lstm actual, Weights.Lstm expected, float relative, String what) {
        assertAlike(actual.input(), expected.input(), relative, what + " input");
        assertAlike(actual.recurrent(), expected.recurrent(), relative, what + " recurrent");
        assertAlike(actual.bias(), expected.bias(), relative, what + " bias");
    }

    /** Within that share of the largest value. */
    private static void assertAlike(float[] actual, float[] expected, float relative, String what) {
        float largest = 1e-6f;
        for (float value : expected) largest = Math.max(largest, Math.abs(value));
        assertThat(actual).as(what).containsExactly(expected, within(relative * largest));
    }

    @Test
    void itBeginsWithTheWeightsThatDl4jsLayersBeginWith() {
        BiLstm.Shape shape = new BiLstm.Shape(40, 7, 5);
        assertThat(BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.FUSED).weights())
                .usingRecursiveComparison()
                .isEqualTo(BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.STOCK).weights());
    }

    @Test
    void everyLengthHasTheOutputAndTheGradientsOfDl4jsLayers() {
        Weights weights = RandomModels.weights(200, 30, 20, 1);
        for (int length = 1; length <= 64; length++) {
            int[][] texts = texts(1 + length % 13, length, 200, length);
            boolean[] positive = labels(texts.length, length);
            BiLstm stock = BiLstm.of(weights, Encoder.STOCK);
            BiLstm fused = BiLstm.of(weights, Encoder.FUSED);
            assertThat(fused.probabilities(texts))
                    .as("length %d", length)
                    .containsExactly(stock.probabilities(texts), within(1e-6f));
            assertAlike(
                    gradients(fused, texts, positive),
                    gradients(stock, texts, positive),
                    1e-4f,
                    "gradient at length " + length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17, 31, 80})
    void anySizeHasTheOutputAndTheGradientsOfDl4jsLayers(int units) {
        Weights weights = RandomModels.weights(30, units + 2, units, units);
        for (int count : new int[] {1, 5, 6, 7, 64, 257}) {
            int[][] texts = texts(count, 9, 30, count);
            BiLstm stock = BiLstm.of(weights, Encoder.STOCK);
            BiLstm fused = BiLstm.of(weights, Encoder.FUSED);
            assertThat(fused.pooled(texts)[count - 1])
                    .as("%d texts", count)
                    .containsExactly(stock.pooled(texts)[count - 1], within(1e-6f));
            boolean[] positive = labels(count, count);
            assertAlike(
                    gradients(fused, texts, positive),
                    gradients(stock, texts, positive),
                    1e-4f,
                    count + " texts of " + units + " units");
        }
    }

    /** The shape shrinks and grows between batches: nothing of one may be left for the next. */
    @Test
    void trainingGoesAsWithDl4jsLayersWhereEveryBatchHasEveryWord() {
        BiLstm.Shape shape = new BiLstm.Shape(12, 10, 6);
        BiLstm stock = BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.STOCK);
        BiLstm fused = BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.FUSED);
        for (int step = 0; step < 30; step++) {
            int[][] texts = texts(20 + 7 * (step % 4), 3 + 5 * (step % 3), 12, step);
            for (int i = 0; i < 12; i++) texts[i][0] = i;
            boolean[] positive = labels(texts.length, step);
            float[] targets = new float[positive.length];
            for (int i = 0; i < targets.length; i++) targets[i] = positive[i] ? 1 : 0.2f;
            assertThat(fused.train(texts, targets))
                    .as("loss of step %d", step)
                    .isCloseTo(stock.train(texts, targets), within(1e-5));
        }
        assertAlike(fused.weights(), stock.weights(), 1e-3f, "weights");
    }
}
