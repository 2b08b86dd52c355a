// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.network.BiLstm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a model: first the network, then the n-grams on the same texts, and then the weights with which
 * {@link LogitSum} adds the logits of both.
 */
public final class ModelTrainer {
    /** L2 penalties that are tried on the validation texts when only the last layer is fitted. */
    private static final double[] LAST_LAYER_L2 = {1e-4, 1e-3, 1e-2, 1e-1};

    private final Hyperparameters hyperparameters;

    public ModelTrainer(Hyperparameters hyperparameters) {
        this.hyperparameters = hyperparameters;
    }

    /**
     * Trains a model from scratch. Its n-grams mark negation.
     *
     * @param checkpoint folder from which an interrupted training of the network resumes, see
     *     {@link TrainedModel#checkpointFolder}
     * @throws IOException if the checkpoint cannot be read or written
     * @throws TrainingRun.DivergedException if the loss is no longer a finite number
     */
    public TrainingResult train(
            Architecture architecture,
            TrainingTargets unbalanced,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        TrainingTargets targets = balanced(unbalanced);
        BiLstm.Shape shape = architecture.network(vocabulary, targets.network().heads());
        EncodedExamples train = EncodedExamples.of(targets.network().train(), vocabulary, shape.heads());
        TrainingRun run = TrainingRun.of(
                BiLstm.initial(shape, hyperparameters.optimizer(train)),
                train,
                EncodedExamples.of(targets.network().validation(), vocabulary, shape.heads()),
                hyperparameters,
                checkpoint.map(folder -> new Checkpoint(folder, settings(train) + shape)),
                progress);
        return withNgrams(Optional.of(run), run.weights().withNegation(true), targets, vocabulary);
    }

    /**
     * Fine-tunes a model. Its n-grams mark negation if the parent's do, or if the parent has none.
     *
     * @param parent weights to start from; the model keeps their vocabulary and their heads
     * @param checkpoint as for {@link #train}
     * @throws IOException as for {@link #train}
     * @throws TrainingRun.DivergedException as for {@link #train}
     */
    public TrainingResult fineTune(
            Weights parent,
            TrainingTargets unbalanced,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        TrainingTargets targets = balanced(unbalanced);
        int heads = parent.heads().size();
        boolean negation = parent.negation() || parent.buckets() == 0;
        EncodedExamples train = EncodedExamples.of(targets.network().train(), vocabulary, heads);
        EncodedExamples validation = EncodedExamples.of(targets.network().validation(), vocabulary, heads);
        if (hyperparameters.frozen() == FrozenLayers.ENCODER)
            return withNgrams(
                    Optional.empty(),
                    withFittedLastLayer(parent, train, validation).withNegation(negation),
                    targets,
                    vocabulary);
        TrainingRun run = TrainingRun.of(
                BiLstm.of(parent, hyperparameters.optimizer(train)),
                train,
                validation,
                hyperparameters,
                checkpoint.map(folder -> new Checkpoint(
                        folder,
                        settings(train)
                                + parent.heads().stream()
                                        .map(head -> Arrays.hashCode(head.dense()))
                                        .toList())),
                progress);
        return withNgrams(
                Optional.of(run), withNgramsOf(parent, run.weights()).withNegation(negation), targets, vocabulary);
    }

    /** The trained network with the n-grams of its parent, whose training they start from. */
    private static Weights withNgramsOf(Weights parent, Weights network) {
        return network.withHeads(IntStream.range(0, parent.heads().size())
                .mapToObj(head -> network.heads()
                        .get(head)
                        .withNgrams(parent.heads().get(head).ngrams()))
                .toList());
    }

    /** Two classes are not balanced: their shares are the operator's choice. */
    private TrainingTargets balanced(TrainingTargets targets) {
        double balance = targets.network().heads() > 1 ? hyperparameters.classBalance() : 0;
        return new TrainingTargets(
                targets.network().balanced(balance),
                targets.ngrams().balanced(balance),
                Split.balanced(targets.calibration(), balance));
    }

    /** Identifies a training in its checkpoint: the settings, and a digest of the training texts. */
    private String settings(EncodedExamples train) {
        return String.format(
                "%s, data %08x, ",
                hyperparameters.settings(),
                31 * (31 * Arrays.deepHashCode(train.rows()) + Arrays.deepHashCode(train.targets()))
                        + Arrays.deepHashCode(train.weights()));
    }

    private static Weights withFittedLastLayer(Weights parent, EncodedExamples train, EncodedExamples validation) {
        BiLstm encoder = BiLstm.of(parent);
        float[][] features = encoder.pooled(train.rows());
        float[][] validationFeatures = encoder.pooled(validation.rows());
        return parent.withHeads(IntStream.range(0, parent.heads().size())
                .mapToObj(
                        head -> fitted(parent.heads().get(head), head, train, features, validation, validationFeatures))
                .toList());
    }

    private static Weights.Head fitted(
            Weights.Head parent,
            int head,
            EncodedExamples train,
            float[][] features,
            EncodedExamples validation,
            float[][] validationFeatures) {
        int[] texts = train.textsOf(head);
        int[] validationTexts = validation.textsOf(head);
        if (texts.length == 0 || validationTexts.length == 0) return parent;
        float[][] x = rows(features, texts);
        float[] y = train.targets(head, texts);
        float[] shares = train.weights(head, texts);
        float[][] validationX = rows(validationFeatures, validationTexts);
        float[] validationY = validation.targets(head, validationTexts);
        float[] validationShares = validation.weights(head, validationTexts);
        double[] dense = new double[parent.dense().length];
        for (int i = 0; i < dense.length; i++) dense[i] = parent.dense()[i];
        LogisticRegression before = new LogisticRegression(dense, parent.bias());
        LogisticRegression best = before;
        for (double l2 : LAST_LAYER_L2) {
            LogisticRegression fitted = LogisticRegression.fit(x, y, shares, before, l2);
            if (fitted.loss(validationX, validationY, validationShares)
                    < best.loss(validationX, validationY, validationShares)) best = fitted;
        }
        float[] weights = new float[best.weights().length];
        for (int i = 0; i < weights.length; i++) weights[i] = (float) best.weights()[i];
        return new Weights.Head(weights, (float) best.bias(), parent.ngrams());
    }

    private static float[][] rows(float[][] matrix, int[] rows) {
        return Arrays.stream(rows).mapToObj(row -> matrix[row]).toArray(float[][]::new);
    }

    /**
     * Trains the n-grams of each head, and sums up the logits.
     *
     * @param network with the n-grams to start from; none start from 0
     */
    private TrainingResult withNgrams(
            Optional<TrainingRun> run, Weights network, TrainingTargets targets, Vocabulary vocabulary) {
        Split split = targets.ngrams();
        int heads = network.heads().size();
        boolean negation = network.negation();
        LogitSum.NetworkOutput validation = LogitSum.NetworkOutput.of(split.validation(), network, vocabulary);
        LogitSum.NetworkOutput calibration = targets.calibration().equals(split.validation())
                ? validation
                : LogitSum.NetworkOutput.of(targets.calibration(), network, vocabulary);
        List<LogitSum> sums = new ArrayList<>();
        List<Weights.Head> summed = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            Weights.Head of = network.heads().get(head);
            float[] start = of.ngrams().length > 0 ? of.ngrams() : new float[hyperparameters.ngramBuckets()];
            float[] ngrams = start.length == 0
                    ? start
                    : NgramRegression.fit(split, head, start, negation, hyperparameters.seed())
                            .weights();
            LogitSum sum = LogitSum.fit(LogitSum.Texts.of(validation, head, ngrams, negation));
            if (calibration != validation) sum = sum.calibrated(LogitSum.Texts.of(calibration, head, ngrams, negation));
            sums.add(sum);
            summed.add(sum.applied(of, ngrams));
        }
        return new TrainingResult(
                run, network.withHeads(summed), sums, targets.network().train().size());
    }
}
