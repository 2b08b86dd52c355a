// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Weights;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BiLstmTest {
    @Test
    void thePapersShapeHasAsManyParametersAsInThePaper() {
        BiLstm network = BiLstm.initial(BiLstm.Shape.PAPER, new BiLstm.Training(5e-4, 0, 0.2, 0.2, 1, false));
        assertThat(network.network().getLayer(0).numParams())
                .as("embedding and bidirectional LSTM")
                .isEqualTo(3_000_150 + 147_840);
        assertThat(network.network().getLayer(1).numParams()).as("dense").isEqualTo(161);
        assertThat(network.network().numParams()).isEqualTo(3_000_150 + 147_840 + 161);
    }

    @Test
    void weightsAreReadAsTheyWereLoaded() {
        Weights weights = RandomModels.weights(12, 5, 3, 1);
        assertThat(BiLstm.of(weights).weights()).usingRecursiveComparison().isEqualTo(weights);
    }

    @Test
    void aBatchOfTextsIsLearned() {
        BiLstm network = BiLstm.initial(new BiLstm.Shape(10, 8, 6), new BiLstm.Training(0.02, 0, 0.1, 0.1, 1, false));
        int[][] texts = {{2, 3, 9}, {4, 5, 6}, {2, 7, 8}, {4, 4, 4}};
        float[][] targets = {{1}, {0}, {1}, {0}};
        double first = network.train(texts, targets, ones(4, 1));
        double last = first;
        for (int step = 0; step < 60; step++) last = network.train(texts, targets, ones(4, 1));
        assertThat(last).isLessThan(first / 4);
        assertThat(network.probabilities(texts))
                .satisfies(
                        p -> assertThat(p[0][0]).isGreaterThan(0.8f),
                        p -> assertThat(p[1][0]).isLessThan(0.2f));
    }

    private static float[][] ones(int texts, int heads) {
        float[][] ones = new float[texts][heads];
        for (float[] row : ones) Arrays.fill(row, 1);
        return ones;
    }

    @Test
    void twoHeadsAreLearnedFromTheTextsThatHaveATargetForThem() {
        BiLstm network =
                BiLstm.initial(new BiLstm.Shape(10, 8, 6, 2), new BiLstm.Training(0.02, 0, 0.1, 0.1, 1, false));
        int[][] texts = {{2, 3, 9}, {4, 5, 6}, {2, 7, 8}, {4, 4, 4}, {5, 5, 9}};
        float[][] targets = {{1, 1}, {0, 1}, {1, 1}, {0, 0}, {0.5f, 0}};
        float[][] weights = {{1, 1}, {1, 1}, {1, 0}, {1, 0}, {0, 1}};
        for (int step = 0; step < 150; step++) network.train(texts, targets, weights);
        float[][] learned = network.probabilities(texts);
        assertThat(learned[0][0]).isGreaterThan(0.8f);
        assertThat(learned[1][0]).isLessThan(0.2f);
        assertThat(learned[0][1]).isGreaterThan(0.8f);
        assertThat(learned[4][1]).isLessThan(0.2f);
        assertThat(learned[3][0]).as("a text without a target for the opinion").isLessThan(0.2f);

        Weights copied = BiLstm.of(network.weights()).weights();
        assertThat(copied).usingRecursiveComparison().isEqualTo(network.weights());
    }

    /** A target of weight 0 leaves a head as it is. */
    @Test
    void aHeadWithoutTargetsIsNotTrained() {
        BiLstm network = BiLstm.initial(new BiLstm.Shape(10, 8, 6, 2), new BiLstm.Training(0.02, 0, 0, 0, 1, false));
        Weights.Head before = network.weights().opinion().orElseThrow();
        float[][] weights = {{1, 0}, {1, 0}};
        for (int step = 0; step < 3; step++)
            network.train(new int[][] {{2, 3}, {4, 5}}, new float[][] {{1, 1}, {0, 1}}, weights);
        assertThat(network.weights().opinion().orElseThrow().dense()).containsExactly(before.dense());
    }

    @Test
    void theSameSeedGivesTheSameNetwork() {
        BiLstm.Training training = new BiLstm.Training(1e-3, 0, 0.2, 0.2, 7, false);
        BiLstm.Shape shape = new BiLstm.Shape(20, 4, 3);
        assertThat(BiLstm.initial(shape, training).weights())
                .usingRecursiveComparison()
                .isEqualTo(BiLstm.initial(shape, training).weights());
    }

    @Test
    void textsOfDifferentLengthsAreRefusedAsABatch() {
        BiLstm network = BiLstm.of(RandomModels.weights(12, 5, 3, 1));
        assertThatThrownBy(() -> network.train(new int[][] {{2}, {3, 4}}, new float[2][1], ones(2, 1)))
                .hasMessageContaining("1 and 2 tokens");
    }

    @Test
    void aTextWithoutTokensIsRefused() {
        BiLstm network = BiLstm.of(RandomModels.weights(12, 5, 3, 1));
        assertThatThrownBy(() -> network.probabilities(new int[][] {{2}, {}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void weightsOfAnotherNumberOfHeadsAreRefused() {
        Weights weights =
                RandomModels.withHeads(2, RandomModels.words(5), 3, 2, 0, 1).weights();
        BiLstm network = BiLstm.of(RandomModels.weights(weights.words(), 3, 2, 1));
        assertThatThrownBy(() -> network.load(weights)).hasMessageContaining("1 heads, the weights 2");
    }
}
