// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.trainer.network.BiLstm;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains a network with early stopping on validation loss. It keeps the weights of the epoch with the lowest validation
 * loss, or the mean of these and the weights of up to {@value #AVERAGED} - 1 epochs before, if that has a lower
 * validation loss: averaging removes the noise of the last steps.
 *
 * @param epochs in their order
 * @param best number of the epoch with the lowest validation loss
 * @param averaged epochs whose weights were averaged, the best one included; 1 if its own weights were kept
 * @param weights that were kept
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al.: Averaging Weights Leads to Wider Optima and Better
 *     Generalization, 2018</a>
 */
public record TrainingRun(List<Epoch> epochs, int best, int averaged, Weights weights) {
    private static final int AVERAGED = 3;

    /**
     * Trains that network in place.
     *
     * @param checkpoint to resume from if it exists, and to write after each epoch
     * @throws IOException if the checkpoint cannot be read or written, or belongs to another training
     * @throws DivergedException if the loss is no longer a finite number
     */
    static TrainingRun of(
            BiLstm network,
            EncodedExamples train,
            EncodedExamples validation,
            Hyperparameters hyperparameters,
            Optional<Checkpoint> checkpoint,
            TrainingProgress progress)
            throws IOException {
        Checkpoint.State state = checkpoint.isPresent() && checkpoint.get().exists()
                ? checkpoint.get().read()
                : new Checkpoint.State(List.of(), 0, network, Map.of());
        List<Epoch> epochs = new ArrayList<>(state.epochs());
        if (!epochs.isEmpty()) progress.resumed(epochs.size());
        int best = state.best();
        SortedMap<Integer, Weights> weights = new TreeMap<>(state.weights());
        for (int number = epochs.size() + 1;
                number <= hyperparameters.epochs() && (best == 0 || number - best <= hyperparameters.patience());
                number++) {
            Epoch epoch = epoch(number, state.network(), train, validation, hyperparameters, progress);
            epochs.add(epoch);
            boolean better =
                    best == 0 || epoch.validationLoss() < epochs.get(best - 1).validationLoss();
            if (better) best = number;
            weights.put(number, state.network().weights());
            weights.keySet().retainAll(candidates(best, number));
            if (checkpoint.isPresent()) checkpoint.get().write(epochs, best, state.network(), weights.keySet());
            progress.epoch(epoch, better);
        }
        List<Weights> last =
                List.copyOf(weights.subMap(best - AVERAGED + 1, best + 1).values());
        Weights mean = Weights.mean(last);
        if (last.size() > 1
                && validation.loss(BiLstm.of(mean).probabilities(validation.rows()))
                        < epochs.get(best - 1).validationLoss())
            return new TrainingRun(List.copyOf(epochs), best, last.size(), mean);
        return new TrainingRun(List.copyOf(epochs), best, 1, weights.get(best));
    }

    /** The epochs whose weights may be averaged, now or after a better epoch. */
    private static Set<Integer> candidates(int best, int last) {
        return IntStream.concat(
                        IntStream.rangeClosed(best - AVERAGED + 1, best),
                        IntStream.rangeClosed(last - AVERAGED + 2, last))
                .boxed()
                .collect(Collectors.toSet());
    }

    /** The most steps that training takes. */
    static int steps(EncodedExamples train, Hyperparameters hyperparameters) {
        return hyperparameters.epochs()
                * Batch.epoch(train, hyperparameters.batchSize(), 0, new Random(hyperparameters.seed()))
                        .size();
    }

    private static Epoch epoch(
            int number,
            BiLstm network,
            EncodedExamples train,
            EncodedExamples validation,
            Hyperparameters hyperparameters,
            TrainingProgress progress) {
        // Each epoch has a seed of its own, so that a resumed training gives the same model as an uninterrupted one.
        long seed = 31 * hyperparameters.seed() + number;
        Random random = new Random(seed);
        Nd4j.getRandom().setSeed(seed);
        double loss = 0;
        int done = 0;
        long start = System.nanoTime();
        double seconds = 0;
        for (Batch batch : Batch.epoch(
                train, hyperparameters.batchSize(), hyperparameters.dropout().words(), random)) {
            loss += network.train(batch.rows(), batch.targets(), batch.weights()) * batch.size();
            done += batch.size();
            seconds = (System.nanoTime() - start) / 1e9;
            long left = (long) train.size() * (hyperparameters.epochs() - number + 1) - done;
            progress.batch(number, (double) done / train.size(), loss / done, done / seconds, Duration.ofMillis((long)
                    (1000 * seconds / done * left)));
        }
        if (!Double.isFinite(loss)) throw new DivergedException(number);
        float[][] probabilities = network.probabilities(validation.rows());
        return new Epoch(
                number, loss / done, validation.loss(probabilities), validation.accuracy(probabilities), seconds);
    }

    /** The training loss is no longer a finite number. */
    public static final class DivergedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DivergedException(int epoch) {
            super("the loss of epoch " + epoch + " is not a finite number: use a lower learning rate");
        }
    }
}
