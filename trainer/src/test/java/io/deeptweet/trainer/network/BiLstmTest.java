// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.RandomModels;
import io.deeptweet.model.artefact.Weights;
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
        float[] targets = {1, 0, 1, 0};
        double first = network.train(texts, targets);
        double last = first;
        for (int step = 0; step < 60; step++) last = network.train(texts, targets);
        assertThat(last).isLessThan(first / 4);
        assertThat(network.probabilities(texts))
                .satisfies(
                        p -> assertThat(p[0]).isGreaterThan(0.8f),
                        p -> assertThat(p[1]).isLessThan(0.2f));
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
        assertThatThrownBy(() -> network.train(new int[][] {{2}, {3, 4}}, new float[2]))
                .hasMessageContaining("1 and 2 tokens");
    }

    @Test
    void aTextWithoutTokensIsRefused() {
        BiLstm network = BiLstm.of(RandomModels.weights(12, 5, 3, 1));
        assertThatThrownBy(() -> network.probabilities(new int[][] {{2}, {}}))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aModelOfTwoHeadsIsRefusedRatherThanHalfRead() {
        Weights weights =
                RandomModels.withHeads(2, RandomModels.words(5), 3, 2, 0, 1).weights();
        assertThatThrownBy(() -> BiLstm.of(weights)).hasMessageContaining("cannot hold an opinion head");
    }
}
