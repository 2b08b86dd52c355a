// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.network.BiLstm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
            TrainingTargets targets,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        BiLstm.Shape shape = architecture.network(vocabulary);
        EncodedExamples train = EncodedExamples.of(targets.network().train(), vocabulary);
        TrainingRun run = TrainingRun.of(
                BiLstm.initial(shape, hyperparameters.optimizer(train)),
                train,
                EncodedExamples.of(targets.network().validation(), vocabulary),
                hyperparameters,
                checkpoint.map(folder -> new Checkpoint(folder, settings(train) + shape)),
                progress);
        return withNgrams(
                Optional.of(run),
                run.weights().withNegation(true),
                new float[hyperparameters.ngramBuckets()],
                targets,
                vocabulary);
    }

    /**
     * Fine-tunes a model. Its n-grams mark negation if the parent's do, or if the parent has none.
     *
     * @param parent weights to start from, of one head; the model keeps their vocabulary
     * @param checkpoint as for {@link #train}
     * @throws IllegalArgumentException if the parent has an opinion head
     * @throws IOException as for {@link #train}
     * @throws TrainingRun.DivergedException as for {@link #train}
     */
    public TrainingResult fineTune(
            Weights parent,
            TrainingTargets targets,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        EncodedExamples train = EncodedExamples.of(targets.network().train(), vocabulary);
        EncodedExamples validation = EncodedExamples.of(targets.network().validation(), vocabulary);
        float[] ngrams = parent.buckets() > 0 ? parent.polarity().ngrams() : new float[hyperparameters.ngramBuckets()];
        boolean negation = parent.negation() || parent.buckets() == 0;
        if (hyperparameters.frozen() == FrozenLayers.ENCODER)
            return withNgrams(
                    Optional.empty(),
                    withFittedLastLayer(parent, train, validation).withNegation(negation),
                    ngrams,
                    targets,
                    vocabulary);
        TrainingRun run = TrainingRun.of(
                BiLstm.of(parent, hyperparameters.optimizer(train)),
                train,
                validation,
                hyperparameters,
                checkpoint.map(folder -> new Checkpoint(
                        folder,
                        settings(train) + Arrays.hashCode(parent.polarity().dense()))),
                progress);
        return withNgrams(Optional.of(run), run.weights().withNegation(negation), ngrams, targets, vocabulary);
    }

    /** Identifies a training in its checkpoint: the settings, and a digest of the training texts. */
    private String settings(EncodedExamples train) {
        return String.format(
                "%s, data %08x, ",
                hyperparameters.settings(), 31 * Arrays.deepHashCode(train.rows()) + Arrays.hashCode(train.targets()));
    }

    private static Weights withFittedLastLayer(Weights parent, EncodedExamples train, EncodedExamples validation) {
        BiLstm encoder = BiLstm.of(parent);
        float[][] features = encoder.pooled(train.rows());
        float[][] validationFeatures = encoder.pooled(validation.rows());
        Weights.Head head = parent.polarity();
        double[] dense = new double[head.dense().length];
        for (int i = 0; i < dense.length; i++) dense[i] = head.dense()[i];
        LogisticRegression before = new LogisticRegression(dense, head.bias());
        LogisticRegression best = before;
        for (double l2 : LAST_LAYER_L2) {
            LogisticRegression fitted = LogisticRegression.fit(features, train.targets(), before, l2);
            if (fitted.loss(validationFeatures, validation.targets())
                    < best.loss(validationFeatures, validation.targets())) best = fitted;
        }
        float[] weights = new float[best.weights().length];
        for (int i = 0; i < weights.length; i++) weights[i] = (float) best.weights()[i];
        return parent.withHeads(List.of(new Weights.Head(weights, (float) best.bias(), head.ngrams())));
    }

    private TrainingResult withNgrams(
            Optional<TrainingRun> run, Weights network, float[] start, TrainingTargets targets, Vocabulary vocabulary) {
        Split split = targets.ngrams();
        float[] ngrams = start.length == 0
                ? start
                : NgramRegression.fit(
                                split.train(), split.validation(), start, network.negation(), hyperparameters.seed())
                        .weights();
        LogitSum sum = LogitSum.fit(network, ngrams, split.validation(), vocabulary);
        return new TrainingResult(
                run,
                sum.applied(network, ngrams),
                sum.networkScale(),
                sum.ngramScale(),
                targets.network().train().size());
    }
}
