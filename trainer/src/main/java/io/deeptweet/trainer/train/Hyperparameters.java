// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.network.BiLstm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a model is made: the network is trained, the n-grams beside it are fitted on the same texts, and both are added
 * with the weights that the validation asks for. These weights, and a bias, are fitted by logistic regression (Wolpert,
 * Stacked Generalization, 1992); for a network alone that is Platt's scaling. They are multiplied into the last layer
 * and the n-grams, so the model is calibrated as it stands.
 *
 * @param plan of the network's training
 * @param learningRate of the network's Adam
 * @param falls whether the learning rate falls to zero over the epochs, in a straight line, or stays
 * @param embeddingDropout as {@link BiLstm.Training} says
 * @param denseDropout as {@link BiLstm.Training} says
 * @param frozen what keeps the parent's weights
 * @param buckets of the n-grams: a power of two, or 0 for none
 * @param teacherShare how much of what the network learns of a labelled text a teacher says, the label the rest; 0 for
 *     no teacher
 */
public record Hyperparameters(
        TrainingRun.Plan plan,
        double learningRate,
        boolean falls,
        double embeddingDropout,
        double denseDropout,
        Freeze frozen,
        int buckets,
        double teacherShare) {
    /**
     * AdaGrad's for n-grams, found on Sentiment140's validation texts: half or twice as much loses a quarter of a
     * percent.
     */
    private static final double NGRAM_LEARNING_RATE = 0.2;
    /**
     * From scratch, with many labels, the n-grams are there for what neither the network nor the teacher knows, so of a
     * labelled text they hear the label more: this part of the teacher's share, found on Sentiment140's validation
     * texts. In fine-tuning, with few, they learn what the network does.
     */
    private static final double NGRAMS_PART = 0.2;
    /** Hardly any: with three parameters there is nothing to overfit. */
    private static final double STACKING_L2 = 1e-6;
    /** Tried on the validation texts when only the head is fitted. */
    private static final double[] HEAD_L2 = {1e-4, 1e-3, 1e-2, 1e-1};

    /** What keeps the parent's weights in fine-tuning. */
    public enum Freeze {
        /** Nothing. */
        NONE,
        /** The embedding: fast, and rare words stay what they were. */
        EMBEDDING,
        /**
         * All but the last layer and the n-grams: the encoder's features are computed once, and the head's one optimum
         * is found.
         */
        ENCODER
    }

    public Hyperparameters {
        if (!(teacherShare >= 0 && teacherShare <= 1))
            throw new IllegalArgumentException("the teacher's share is in [0, 1], not " + teacherShare);
        if (buckets < 0 || Integer.bitCount(buckets) > 1)
            throw new IllegalArgumentException("the n-grams' buckets are a power of two or 0, not " + buckets);
        new BiLstm.Training(learningRate, 0, embeddingDropout, denseDropout, 0, false); // refuses what can't be
    }

    /** A recipe without a teacher. */
    public Hyperparameters(
            TrainingRun.Plan plan,
            double learningRate,
            boolean falls,
            double embeddingDropout,
            double denseDropout,
            Freeze frozen,
            int buckets) {
        this(plan, learningRate, falls, embeddingDropout, denseDropout, frozen, buckets, 0);
    }

    /**
     * What came of it.
     *
     * @param run of the network; empty if its encoder was frozen
     * @param networkScale what the network's logit is multiplied by
     * @param ngramScale what the n-grams' logit is multiplied by; 0 if there are none
     */
    public record Result(Optional<TrainingRun> run, Weights weights, double networkScale, double ngramScale) {}

    /** All of it, by the options' names. */
    public Map<String, Object> settings() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("--epochs", plan.epochs());
        settings.put("--patience", plan.patience());
        settings.put("--batch", plan.batch());
        settings.put("--learning-rate", learningRate);
        settings.put("--schedule", falls ? "linear" : "constant");
        settings.put("--embedding-dropout", embeddingDropout);
        settings.put("--word-dropout", plan.wordDropout());
        settings.put("--dropout", denseDropout);
        settings.put("--freeze", frozen.name().toLowerCase(Locale.ROOT));
        settings.put("--ngrams", buckets);
        settings.put("--teacher-share", teacherShare);
        settings.put("--seed", plan.seed());
        return settings;
    }

    /**
     * What is learned.
     *
     * @param ngrams the same texts; the targets of those to train with say more of their labels
     */
    public record Lessons(Split network, Split ngrams) {
        /** The same for both. */
        public Lessons(Split both) {
            this(both, both);
        }
    }

    /**
     * What is learned of a material from scratch: its training texts and, if there is a teacher, its texts without a
     * label, each with the target that the teacher helps to say.
     *
     * @param kept where the teacher keeps what it said, which takes minutes, for a training that is interrupted
     */
    public Lessons lessons(TrainingData material, Path kept, TrainingProgress progress) throws IOException {
        if (teacherShare == 0) return new Lessons(material.split());
        Split split = material.split();
        float[] told = Teacher.probabilities(material, kept, progress);
        return new Lessons(
                new Split(Teacher.lessons(material, told, teacherShare), split.validation(), split.test()),
                new Split(
                        Teacher.lessons(material, told, NGRAMS_PART * teacherShare), split.validation(), split.test()));
    }

    /**
     * What is learned in fine-tuning: the fresh material's texts, as the teacher helps to say, and the rehearsed ones
     * with their label and the parent's own probability mixed, so that what it knew of them stays.
     *
     * @param mixed the fresh material's split, with the rehearsed texts behind its training texts
     * @see <a href="https://arxiv.org/abs/1606.09282">Li and Hoiem: Learning without Forgetting, 2016</a>
     */
    public Lessons lessons(TrainingData fresh, Split mixed, Scorer parent, Path kept, TrainingProgress progress)
            throws IOException {
        if (teacherShare == 0) return new Lessons(mixed);
        List<Example> train =
                new ArrayList<>(Teacher.lessons(fresh, Teacher.probabilities(fresh, kept, progress), teacherShare));
        for (Example earlier : mixed.train()
                .subList(fresh.split().train().size(), mixed.train().size()))
            train.add(
                    earlier.withSoftLabel(parent.score(earlier.source().text()).probability(), teacherShare));
        return new Lessons(new Split(train, mixed.validation(), mixed.test()));
    }

    /** What a training is told from others by: its settings, and a digest of its data. */
    private String settings(EncodedExamples train) {
        return String.format(
                "%s, data %08x, ",
                settings(), 31 * Arrays.deepHashCode(train.rows()) + Arrays.hashCode(train.targets()));
    }

    /**
     * A model from scratch.
     *
     * @param checkpoint folder in which an interrupted training of the network goes on; {@link Checkpoint#delete} it
     *     when the model is kept
     */
    public Result train(
            BiLstm.Shape shape,
            Lessons lessons,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        EncodedExamples train = EncodedExamples.of(lessons.network.train(), vocabulary);
        BiLstm network = BiLstm.initial(shape, training(train));
        TrainingRun run = TrainingRun.of(
                network,
                train,
                EncodedExamples.of(lessons.network.validation(), vocabulary),
                plan,
                checkpoint.map(folder -> new Checkpoint(folder, settings(train) + shape)),
                progress);
        return withNgrams(Optional.of(run), run.weights(), new float[buckets], lessons.ngrams, vocabulary);
    }

    /**
     * A model from another.
     *
     * @param parent whose vocabulary stays
     * @param checkpoint as for {@link #train}
     */
    public Result fineTune(
            Weights parent,
            Lessons lessons,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws IOException {
        EncodedExamples train = EncodedExamples.of(lessons.network.train(), vocabulary);
        EncodedExamples validation = EncodedExamples.of(lessons.network.validation(), vocabulary);
        float[] ngrams = parent.ngrams().length > 0 ? parent.ngrams() : new float[buckets];
        if (frozen == Freeze.ENCODER)
            return withNgrams(Optional.empty(), headOf(parent, train, validation), ngrams, lessons.ngrams, vocabulary);
        TrainingRun run = TrainingRun.of(
                BiLstm.of(parent, training(train)),
                train,
                validation,
                plan,
                checkpoint.map(folder -> new Checkpoint(folder, settings(train) + Arrays.hashCode(parent.dense()))),
                progress);
        return withNgrams(Optional.of(run), run.weights(), ngrams, lessons.ngrams, vocabulary);
    }

    private BiLstm.Training training(EncodedExamples train) {
        return new BiLstm.Training(
                learningRate,
                falls ? TrainingRun.steps(train, plan) : 0,
                embeddingDropout,
                denseDropout,
                plan.seed(),
                frozen == Freeze.EMBEDDING);
    }

    private static Weights headOf(Weights parent, EncodedExamples train, EncodedExamples validation) {
        BiLstm encoder = BiLstm.of(parent);
        float[][] features = encoder.pooled(train.rows());
        float[][] held = encoder.pooled(validation.rows());
        double[] dense = new double[parent.dense().length];
        for (int i = 0; i < dense.length; i++) dense[i] = parent.dense()[i];
        LogisticRegression before = new LogisticRegression(dense, parent.denseBias());
        LogisticRegression best = before;
        for (double l2 : HEAD_L2) {
            LogisticRegression head = LogisticRegression.fit(features, train.targets(), before, l2);
            if (head.loss(held, validation.targets()) < best.loss(held, validation.targets())) best = head;
        }
        return parent.withSum(scaled(best.weights(), 1), (float) best.bias(), parent.ngrams());
    }

    private Result withNgrams(
            Optional<TrainingRun> run, Weights network, float[] start, Split split, Vocabulary vocabulary) {
        float[] ngrams = start.length == 0
                ? start
                : NgramFit.of(split.train(), split.validation(), start, NGRAM_LEARNING_RATE, plan.seed())
                        .weights();
        List<Example> held = split.validation();
        EncodedExamples validation = EncodedExamples.of(held, vocabulary);
        float[] probabilities = BiLstm.of(network).probabilities(validation.rows());
        float[][] logits = new float[held.size()][];
        for (int i = 0; i < logits.length; i++) {
            double p = Math.max(1e-7, Math.min(1 - 1e-7, probabilities[i]));
            float logit = (float) Math.log(p / (1 - p));
            logits[i] = ngrams.length == 0
                    ? new float[] {logit}
                    : new float[] {logit, (float) NgramFit.logit(held.get(i), ngrams)};
        }
        double[] equal = new double[ngrams.length == 0 ? 1 : 2];
        LogisticRegression sum =
                LogisticRegression.fit(logits, validation.targets(), new LogisticRegression(equal, 0), STACKING_L2);
        double networkScale = sum.weights()[0];
        double ngramScale = ngrams.length == 0 ? 0 : sum.weights()[1];
        Weights weights = network.withSum(
                scaled(network.dense(), networkScale),
                (float) (network.denseBias() * networkScale + sum.bias()),
                scaled(ngrams, ngramScale));
        return new Result(run, weights, networkScale, ngramScale);
    }

    private static float[] scaled(float[] values, double by) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) scaled[i] = (float) (values[i] * by);
        return scaled;
    }

    private static float[] scaled(double[] values, double by) {
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) scaled[i] = (float) (values[i] * by);
        return scaled;
    }
}
