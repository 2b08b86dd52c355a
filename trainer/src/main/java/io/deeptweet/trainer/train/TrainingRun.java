package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.network.BiLstm;
import io.deeptweet.trainer.evaluate.Evaluation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Trains a network until the validation's loss falls no more, and keeps the weights with which it was lowest.
 *
 * @param epochs in their order
 * @param best the number of the epoch whose weights were kept
 * @param weights those of the best epoch
 */
public record TrainingRun(List<Epoch> epochs, int best, Weights weights) {
  private static final int VALIDATION_BATCH = 1024;

  /**
   * When and in what portions to learn.
   *
   * @param epochs most passes over the training texts
   * @param batch most texts in a step
   * @param patience after how many epochs without a lower loss on validation to stop
   * @param wordDropout share of the tokens that a step reads as unknown (Iyyer et al., Deep Unordered Composition Rivals Syntactic
   *     Methods for Text Classification, 2015, where whole words are left out); in [0, 1)
   * @param seed of the order of the texts and of what is left out
   */
  public record Plan(int epochs, int batch, int patience, double wordDropout, long seed) {
    public Plan {
      if (epochs < 1 || batch < 1 || patience < 1) throw new IllegalArgumentException("epochs, batch and patience must be positive: " + epochs + ", " + batch + ", " + patience);
      if (!(wordDropout >= 0 && wordDropout < 1)) throw new IllegalArgumentException("dropout must be in [0, 1), was " + wordDropout);
    }
  }

  /** Trains that network in place. */
  public static TrainingRun of(BiLstm network, Encoded train, Encoded validation, Plan plan, TrainingProgress progress) {
    Random random = new Random(plan.seed());
    List<Epoch> epochs = new ArrayList<>();
    Epoch best = null;
    Weights weights = null;
    for (int number = 1; number <= plan.epochs() && (best == null || number - best.number() <= plan.patience()); number++) {
      Epoch epoch = epoch(number, network, train, validation, plan, random, progress);
      epochs.add(epoch);
      boolean better = best == null || epoch.validationLoss() < best.validationLoss();
      if (better) {
        best = epoch;
        weights = network.weights();
      }
      progress.epoch(epoch, better);
    }
    return new TrainingRun(List.copyOf(epochs), best.number(), weights);
  }

  /** How many steps a plan's epochs take at most. */
  public static int steps(Encoded train, Plan plan) {
    return plan.epochs() * Batch.epoch(train, plan.batch(), 0, new Random(plan.seed())).size();
  }

  private static Epoch epoch(
      int number, BiLstm network, Encoded train, Encoded validation, Plan plan, Random random, TrainingProgress progress) {
    double loss = 0;
    int done = 0;
    long start = System.nanoTime();
    double seconds = 0;
    for (Batch batch : Batch.epoch(train, plan.batch(), plan.wordDropout(), random)) {
      loss += network.train(batch.rows(), batch.positive()) * batch.size();
      done += batch.size();
      seconds = (System.nanoTime() - start) / 1e9;
      double left = seconds / done * ((double) train.size() * (plan.epochs() - number + 1) - done);
      progress.batch(number, (double) done / train.size(), loss / done, done / seconds, Duration.ofMillis((long) (left * 1000)));
    }
    if (!Double.isFinite(loss)) throw new DivergedException(number);
    Evaluation after = Evaluation.of(probabilities(network, validation.rows()), validation.positive());
    return new Epoch(number, loss / done, after.logLoss(), after.accuracy(), seconds);
  }

  /** In portions of like length, which bounds the memory that they take. */
  private static float[] probabilities(BiLstm network, int[][] rows) {
    int[] byLength = IntStream.range(0, rows.length).boxed().sorted(Comparator.comparingInt(i -> rows[i].length)).mapToInt(i -> i).toArray();
    float[] probabilities = new float[rows.length];
    for (int from = 0; from < rows.length; from += VALIDATION_BATCH) {
      int[] part = Arrays.copyOfRange(byLength, from, Math.min(from + VALIDATION_BATCH, rows.length));
      float[] of = network.probabilities(Arrays.stream(part).mapToObj(i -> rows[i]).toArray(int[][]::new));
      for (int i = 0; i < part.length; i++) probabilities[part[i]] = of[i];
    }
    return probabilities;
  }

  /** The loss left the numbers. */
  public static final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    DivergedException(int epoch) {
      super("the loss of epoch " + epoch + " is no number any more: use a lower learning rate");
    }
  }
}
