// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.trainer.network.BiLstm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrainingRunTest {
    /**
     * Random texts, which are positive if they have row 2. Some labels are wrong, so that a network can overfit.
     *
     * @param wrong share of wrong labels
     */
    private static EncodedExamples texts(int count, double wrong, long seed) {
        Random random = new Random(seed);
        int[][] rows = new int[count][];
        float[][] targets = new float[count][1];
        float[][] weights = new float[count][];
        Arrays.fill(weights, new float[] {1});
        for (int i = 0; i < count; i++) {
            rows[i] = random.ints(2 + random.nextInt(5), 3, 40).toArray();
            targets[i][0] = random.nextInt(2);
            if (targets[i][0] == 1) rows[i][random.nextInt(rows[i].length)] = 2;
            if (random.nextDouble() < wrong) targets[i][0] = 1 - targets[i][0];
        }
        return new EncodedExamples(rows, targets, weights);
    }

    private static Hyperparameters hyperparameters(int epochs, int batch, int patience, double wordDropout, long seed) {
        return new Hyperparameters(
                epochs,
                patience,
                batch,
                0.03,
                false,
                new Hyperparameters.Dropout(0, wordDropout, 0),
                FrozenLayers.NONE,
                0,
                0,
                0.5,
                seed);
    }

    private static BiLstm network() {
        return BiLstm.initial(new BiLstm.Shape(40, 12, 8), new BiLstm.Training(0.03, 0, 0, 0, 1, false));
    }

    @Test
    void trainingStopsAfterPatienceAndKeepsTheBestEpochsWeights() throws Exception {
        EncodedExamples validation = texts(200, 0.2, 2);
        List<Boolean> best = new ArrayList<>();
        TrainingProgress progress = new TrainingProgress() {
            @Override
            public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
                assertThat(share).isBetween(0.0, 1.0);
                assertThat(left).isGreaterThanOrEqualTo(Duration.ZERO);
            }

            @Override
            public void epoch(Epoch epoch, boolean kept) {
                best.add(kept);
            }
        };
        TrainingRun run = TrainingRun.of(
                network(),
                texts(150, 0.2, 1),
                validation,
                hyperparameters(60, 32, 3, 0, 1),
                Optional.empty(),
                progress);

        Epoch lowest = run.epochs().stream()
                .min(Comparator.comparingDouble(Epoch::validationLoss))
                .orElseThrow();
        assertThat(run.best()).isEqualTo(lowest.number());
        assertThat(run.epochs())
                .as("it overfits before epoch 60, with so many wrong labels")
                .hasSize(run.best() + 3);
        assertThat(best.get(run.best() - 1)).isTrue();
        assertThat(best.subList(run.best(), best.size())).containsOnly(false);
        assertThat(validation.loss(BiLstm.of(run.weights()).probabilities(validation.rows())))
                .as("the weights are those of the best epoch, or better")
                .isLessThan(lowest.validationLoss() + 1e-5);
    }

    /** With a high constant learning rate every epoch ends on another side of the optimum. */
    @Test
    void weightsAreAveragedOverEpochsIfThatLowersTheValidationLoss() throws Exception {
        EncodedExamples validation = texts(400, 0.2, 2);
        BiLstm network = BiLstm.initial(new BiLstm.Shape(40, 12, 8), new BiLstm.Training(0.06, 0, 0, 0, 1, false));
        TrainingRun run = TrainingRun.of(
                network,
                texts(400, 0.2, 1),
                validation,
                hyperparameters(5, 8, 5, 0, 1),
                Optional.empty(),
                TrainingProgress.NONE);
        double loss = validation.loss(BiLstm.of(run.weights()).probabilities(validation.rows()));
        double lowest =
                run.epochs().stream().mapToDouble(Epoch::validationLoss).min().orElseThrow();
        assertThat(run.averaged()).isBetween(2, 3);
        assertThat(loss).isLessThan(lowest - 1e-3);
    }

    @Test
    void theSameSeedGivesTheSameModel() throws Exception {
        Hyperparameters plan = hyperparameters(2, 16, 1, 0.1, 5);
        TrainingRun first = TrainingRun.of(
                network(), texts(100, 0, 1), texts(50, 0, 2), plan, Optional.empty(), TrainingProgress.NONE);
        TrainingRun second = TrainingRun.of(
                network(), texts(100, 0, 1), texts(50, 0, 2), plan, Optional.empty(), TrainingProgress.NONE);
        assertThat(first.weights()).usingRecursiveComparison().isEqualTo(second.weights());
    }

    @Test
    void anEpochHasEveryTextOnceInBatchesOfOneLength() {
        EncodedExamples texts = texts(333, 0, 1);
        List<Batch> batches = Batch.epoch(texts, 10, 0, new Random(1));
        List<int[]> all = new ArrayList<>();
        for (Batch batch : batches) {
            assertThat(batch.size()).isBetween(1, 10);
            assertThat(Arrays.stream(batch.rows())
                            .mapToInt(row -> row.length)
                            .distinct()
                            .count())
                    .isEqualTo(1);
            all.addAll(Arrays.asList(batch.rows()));
        }
        assertThat(all).containsExactlyInAnyOrder(texts.rows());
        assertThat(Batch.epoch(texts, 10, 0, new Random(2)).get(0).rows())
                .isNotEqualTo(batches.get(0).rows());
    }
}
