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
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The encoder against DL4J's own layers, which define what it computes. */
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

    /** The summed gradients of a batch, in the place of the parameters of {@link Weights}. */
    private static Weights gradients(BiLstm network, int[][] texts, boolean[] positive) {
        MultiLayerNetwork layers = network.network();
        layers.setInput(features(texts));
        layers.setLabels(labels(positive));
        layers.computeGradientAndScore();
        layers.params().assign(layers.gradient().gradient());
        Weights gradients = network.weights();
        // The encoder's own gradient of the embedding is a mean already, the others are sums.
        boolean fused = layers.getLayer(0) instanceof BiLstmEncoderLayer;
        float[] embedding = gradients.embedding();
        for (int i = 0; fused && i < embedding.length; i++) embedding[i] *= texts.length;
        return gradients;
    }

    private static void assertAlike(Weights actual, Weights expected, float relative, String what) {
        assertAlike(actual.embedding(), expected.embedding(), relative, what + ", embedding");
        assertAlike(actual.forward(), expected.forward(), relative, what + ", forward");
        assertAlike(actual.backward(), expected.backward(), relative, what + ", backward");
        assertAlike(actual.polarity().dense(), expected.polarity().dense(), relative, what + ", dense");
        assertThat(actual.polarity().bias())
                .as(what)
                .isCloseTo(expected.polarity().bias(), within(relative));
    }

    private static void assertAlike(Weights.Lstm actual, Weights.Lstm expected, float relative, String what) {
        assertAlike(actual.input(), expected.input(), relative, what + " input");
        assertAlike(actual.recurrent(), expected.recurrent(), relative, what + " recurrent");
        assertAlike(actual.bias(), expected.bias(), relative, what + " bias");
    }

    /** Equal within a share of the largest value. */
    private static void assertAlike(float[] actual, float[] expected, float relative, String what) {
        float largest = 1e-6f;
        for (float value : expected) largest = Math.max(largest, Math.abs(value));
        assertThat(actual).as(what).containsExactly(expected, within(relative * largest));
    }

    @Test
    void itStartsWithTheWeightsThatDl4jsLayersStartWith() {
        BiLstm.Shape shape = new BiLstm.Shape(40, 7, 5);
        assertThat(BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.FUSED).weights())
                .usingRecursiveComparison()
                .isEqualTo(BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.STOCK).weights());
    }

    /** Every length up to 16, those around a whole number of vectors, and the longest that the models read. */
    @Test
    void anyLengthHasTheOutputAndTheGradientsOfDl4jsLayers() {
        Weights weights = RandomModels.weights(200, 30, 20, 1);
        for (int length : IntStream.concat(IntStream.rangeClosed(1, 16), IntStream.of(31, 32, 33, 64))
                .toArray()) {
            assertAlikeInOutputAndGradients(
                    weights, texts(1 + length % 13, length, 200, length), length, "length " + length);
        }
    }

    /** Texts around a whole number of rows, and more than a part of a matrix product. */
    @ParameterizedTest
    @CsvSource({
        "1, 1 5 6 7 64 257",
        "3, 1 5 6 7 64 257",
        "8, 1 5 6 7 64 257 400",
        "16, 1 5 7 64",
        "17, 1 6 7 64",
        "31, 1 5 7 64",
        "80, 1 7 64"
    })
    void anySizeHasTheOutputAndTheGradientsOfDl4jsLayers(int units, String counts) {
        Weights weights = RandomModels.weights(30, units + 2, units, units);
        for (String count : counts.split(" ", -1)) {
            int size = Integer.parseInt(count);
            int[][] texts = texts(size, 9, 30, size);
            assertAlikeInOutputAndGradients(weights, texts, size, count + " texts of " + units + " units");
        }
    }

    private static void assertAlikeInOutputAndGradients(Weights weights, int[][] texts, long seed, String what) {
        BiLstm stock = BiLstm.of(weights, Encoder.STOCK);
        BiLstm fused = BiLstm.of(weights, Encoder.FUSED);
        float[][] expected = stock.pooled(texts);
        float[][] actual = fused.pooled(texts);
        for (int i = 0; i < texts.length; i++)
            assertThat(actual[i]).as("%s, pooled, text %d", what, i).containsExactly(expected[i], within(1e-6f));
        float[][] probabilities = stock.probabilities(texts);
        float[][] fusedProbabilities = fused.probabilities(texts);
        for (int i = 0; i < texts.length; i++)
            assertThat(fusedProbabilities[i])
                    .as("%s, probabilities, text %d", what, i)
                    .containsExactly(probabilities[i], within(1e-6f));
        boolean[] positive = labels(texts.length, seed);
        assertAlike(gradients(fused, texts, positive), gradients(stock, texts, positive), 1e-4f, what + ", gradient");
    }

    /**
     * The shape of the batches shrinks and grows, so the test would notice values that one batch leaves for the next.
     */
    @Test
    void trainingIsThatOfDl4jsLayersIfEveryBatchHasEveryWord() {
        BiLstm.Shape shape = new BiLstm.Shape(12, 10, 6);
        BiLstm stock = BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.STOCK);
        BiLstm fused = BiLstm.initial(shape, WITHOUT_DROPOUT, Encoder.FUSED);
        for (int step = 0; step < 30; step++) {
            int[][] texts = texts(20 + 7 * (step % 4), 3 + 5 * (step % 3), 12, step);
            for (int i = 0; i < 12; i++) texts[i][0] = i;
            boolean[] positive = labels(texts.length, step);
            float[][] targets = new float[positive.length][1];
            for (int i = 0; i < targets.length; i++) targets[i][0] = positive[i] ? 1 : 0.2f;
            float[][] ones = new float[targets.length][];
            Arrays.fill(ones, new float[] {1});
            assertThat(fused.train(texts, targets, ones))
                    .as("loss of step %d", step)
                    .isCloseTo(stock.train(texts, targets, ones), within(1e-5));
        }
        assertAlike(fused.weights(), stock.weights(), 1e-3f, "weights");
    }
}
