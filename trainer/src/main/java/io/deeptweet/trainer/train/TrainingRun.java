// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.trainer.evaluate.Evaluation;
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
 * Trains a network until the validation's loss falls no more, and keeps the weights with which it was lowest, or their
 * mean with those of the {@value #AVERAGED} - 1 epochs before if its loss is lower still: what an epoch's last steps
 * got wrong by chance is then taken out.
 *
 * @param epochs in their order
 * @param best the number of the epoch with the lowest loss
 * @param averaged how many epochs' weights were averaged, the best one's included; 1 if its own were better
 * @param weights that were kept
 * @see <a href="https://arxiv.org/abs/1803.05407">Izmailov et al.: Averaging Weights Leads to Wider Optima and Better
 *     Generalization, 2018</a>
 */
public record TrainingRun(List<Epoch> epochs, int best, int averaged, Weights weights) {
    private static final int AVERAGED = 3;

    /**
     * When and in what portions to learn.
     *
     * @param epochs most passes over the training texts
     * @param batch most texts in a step
     * @param patience after how many epochs without a lower loss on validation to stop
     * @param wordDropout share of the tokens that a step reads as unknown (Iyyer et al., Deep Unordered Composition
     *     Rivals Syntactic Methods for Text Classification, 2015, where whole words are left out); in [0, 1)
     * @param seed of the order of the texts and of what is left out
     */
    public record Plan(int epochs, int batch, int patience, double wordDropout, long seed) {
        public Plan {
            if (epochs < 1 || batch < 1 || patience < 1)
                throw new IllegalArgumentException(
                        "epochs, batch and patience must be positive: " + epochs + ", " + batch + ", " + patience);
            if (!(wordDropout >= 0 && wordDropout < 1))
                throw new IllegalArgumentException("dropout must be in [0, 1), was " + wordDropout);
        }
    }

    /**
     * Trains that network in place.
     *
     * @param checkpoint where to go on if it exists, and what to keep after each epoch
     * @throws IOException if the checkpoint can't be read or written, or is one of another training
     */
    public static TrainingRun of(
            BiLstm network,
            EncodedExamples train,
            EncodedExamples validation,
            Plan plan,
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
                number <= plan.epochs() && (best == 0 || number - best <= plan.patience());
                number++) {
            Epoch epoch = epoch(number, state.network(), train, validation, plan, progress);
            epochs.add(epoch);
            boolean better =
                    best == 0 || epoch.validationLoss() < epochs.get(best - 1).validationLoss();
            if (better) best = number;
            weights.put(number, state.network().weights());
            weights.keySet().retainAll(needed(best, number));
            if (checkpoint.isPresent()) checkpoint.get().write(epochs, best, state.network(), weights.keySet());
            progress.epoch(epoch, better);
        }
        List<Weights> last =
                List.copyOf(weights.subMap(best - AVERAGED + 1, best + 1).values());
        Weights mean = Weights.mean(last);
        if (last.size() > 1
                && validated(BiLstm.of(mean), validation).logLoss()
                        < epochs.get(best - 1).validationLoss())
            return new TrainingRun(List.copyOf(epochs), best, last.size(), mean);
        return new TrainingRun(List.copyOf(epochs), best, 1, weights.get(best));
    }

    /** The epochs whose weights may be averaged, now or when a better one comes. */
    private static Set<Integer> needed(int best, int last) {
        return IntStream.concat(
                        IntStream.rangeClosed(best - AVERAGED + 1, best),
                        IntStream.rangeClosed(last - AVERAGED + 2, last))
                .boxed()
                .collect(Collectors.toSet());
    }

    private static Evaluation validated(BiLstm network, EncodedExamples validation) {
        return Evaluation.of(network.probabilities(validation.rows()), validation.positive());
    }

    /** How many steps a plan's epochs take at most. */
    public static int steps(EncodedExamples train, Plan plan) {
        return plan.epochs()
                * Batch.epoch(train, plan.batch(), 0, new Random(plan.seed())).size();
    }

    private static Epoch epoch(
            int number,
            BiLstm network,
            EncodedExamples train,
            EncodedExamples validation,
            Plan plan,
            TrainingProgress progress) {
        // Seeded anew, so that a training that goes on from a checkpoint ends as if it had not been interrupted.
        Random random = new Random(31 * plan.seed() + number);
        Nd4j.getRandom().setSeed(31 * plan.seed() + number);
        double loss = 0;
        int done = 0;
        long start = System.nanoTime();
        double seconds = 0;
        for (Batch batch : Batch.epoch(train, plan.batch(), plan.wordDropout(), random)) {
            loss += network.train(batch.rows(), batch.targets()) * batch.size();
            done += batch.size();
            seconds = (System.nanoTime() - start) / 1e9;
            double left = seconds / done * ((double) train.size() * (plan.epochs() - number + 1) - done);
            progress.batch(number, (double) done / train.size(), loss / done, done / seconds, Duration.ofMillis((long)
                    (left * 1000)));
        }
        if (!Double.isFinite(loss)) throw new DivergedException(number);
        Evaluation after = validated(network, validation);
        return new Epoch(number, loss / done, after.logLoss(), after.accuracy(), seconds);
    }

    /** The loss left the numbers. */
    public static final class DivergedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DivergedException(int epoch) {
            super("the loss of epoch " + epoch + " is no number any more: use a lower learning rate");
        }
    }
}
