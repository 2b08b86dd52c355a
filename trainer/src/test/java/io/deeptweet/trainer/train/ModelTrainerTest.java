// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.artefact.ModelArtefact;
import io.deeptweet.model.artefact.Weights;
import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.model.text.Vocabulary;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DroppedRows;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.evaluate.Evaluation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelTrainerTest {
    private static final Hyperparameters NETWORK_ALONE = hyperparameters(0.02, 0.1, FrozenLayers.NONE, 0);
    private static final Hyperparameters WITH_NGRAMS = hyperparameters(0.02, 0.1, FrozenLayers.NONE, 1 << 14);

    @TempDir
    Path folder;

    private static Hyperparameters hyperparameters(
            double learningRate, double dropout, FrozenLayers frozen, int ngramBuckets) {
        return new Hyperparameters(
                4,
                2,
                32,
                learningRate,
                true,
                new Hyperparameters.Dropout(dropout, 0.05, dropout),
                frozen,
                ngramBuckets,
                0,
                0.5,
                1);
    }

    /** Only the words' endings carry sentiment, and no word occurs twice, so a vocabulary does not help. */
    private static TrainingData endings(int count) {
        return data(
                count,
                1,
                (random, positive) ->
                        "w" + Integer.toString(random.nextInt(Integer.MAX_VALUE), 36) + (positive ? "ful" : "less"));
    }

    private static TrainingData words(String[] good, String[] bad, int count, long seed) {
        return data(count, seed, (random, positive) -> (positive ? good : bad)[random.nextInt(good.length)]);
    }

    /** One label in ten is wrong. */
    private static TrainingData data(int count, long seed, BiFunction<Random, Boolean, String> word) {
        Random random = new Random(seed);
        List<LabeledText> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean positive = random.nextBoolean();
            String text = "my " + Integer.toString(random.nextInt(40), 36) + " is " + word.apply(random, positive)
                    + " n" + Integer.toString(i, 36);
            texts.add(new LabeledText(text, random.nextDouble() < 0.1 ? !positive : positive));
        }
        return TrainingData.of(
                List.of(new DataSet("synthetic", count, texts, DroppedRows.NONE)),
                TextPipeline.deepTweet(),
                64,
                0,
                Split.FINE_TUNING,
                1,
                new Split.Assignments());
    }

    private static Vocabulary vocabulary(TrainingData data) {
        return Vocabulary.build(data.split().train().stream().map(Example::tokens), 60);
    }

    private static TrainingResult train(Hyperparameters hyperparameters, TrainingData data, Vocabulary vocabulary)
            throws Exception {
        return train(hyperparameters, data, vocabulary, Optional.empty(), TrainingProgress.NONE);
    }

    private static TrainingResult train(
            Hyperparameters hyperparameters,
            TrainingData data,
            Vocabulary vocabulary,
            Optional<Path> checkpoint,
            TrainingProgress progress)
            throws Exception {
        return new ModelTrainer(hyperparameters)
                .train(
                        new Architecture(TextPipeline.deepTweet(), 64, 60, 12, 8),
                        new TrainingTargets(data.split()),
                        vocabulary,
                        checkpoint,
                        progress);
    }

    private static Weights fineTune(
            Hyperparameters hyperparameters, Weights parent, TrainingData data, Vocabulary vocabulary)
            throws Exception {
        return new ModelTrainer(hyperparameters)
                .fineTune(
                        parent, new TrainingTargets(data.split()), vocabulary, Optional.empty(), TrainingProgress.NONE)
                .weights();
    }

    private static Evaluation evaluate(Weights weights, Vocabulary vocabulary, List<Example> examples) {
        ModelArtefact model = ModelArtefact.of(
                "synthetic",
                TextPipeline.deepTweet(),
                64,
                vocabulary,
                weights,
                new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "synthetic", "{}"));
        return Evaluation.of(TrainedModel.score(KernelScorer.of(model), examples));
    }

    @Test
    void ngramsClassifyWordsThatAreNotInTheVocabulary() throws Exception {
        TrainingData data = endings(1500);
        Vocabulary vocabulary = vocabulary(data);
        Evaluation without = evaluate(
                train(NETWORK_ALONE, data, vocabulary).weights(),
                vocabulary,
                data.split().test());
        TrainingResult result = train(WITH_NGRAMS, data, vocabulary);
        Evaluation with = evaluate(result.weights(), vocabulary, data.split().test());
        assertThat(without.accuracy()).isLessThan(0.6);
        assertThat(with.accuracy()).isGreaterThan(0.8);
        assertThat(result.sums().get(0).ngramScale()).isGreaterThan(0.5);
        assertThat(with.calibrationError()).isLessThan(0.1);
    }

    /** After many epochs on few texts the network is overconfident; the validation texts correct that. */
    @Test
    void anOverconfidentNetworkIsCalibrated() throws Exception {
        TrainingData data = words(new String[] {"good", "great", "fine"}, new String[] {"bad", "awful", "sad"}, 400, 1);
        Vocabulary vocabulary = vocabulary(data);
        Hyperparameters manyEpochs = new Hyperparameters(
                12, 12, 16, 0.05, false, new Hyperparameters.Dropout(0, 0, 0), FrozenLayers.NONE, 0, 0, 0.5, 1);
        TrainingResult result = train(manyEpochs, data, vocabulary);
        List<Example> validation = data.split().validation();
        Evaluation calibrated = evaluate(result.weights(), vocabulary, validation);
        Evaluation before = evaluate(result.run().orElseThrow().weights(), vocabulary, validation);
        assertThat(calibrated.logLoss()).isLessThanOrEqualTo(before.logLoss() + 1e-6);
    }

    @Test
    void frozenLayersKeepTheParentsWeights() throws Exception {
        TrainingData first = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 600, 1);
        Vocabulary vocabulary = Vocabulary.of(List.of("my", "is", "good", "great", "bad", "awful", "lit", "meh"));
        Weights parent = train(WITH_NGRAMS, first, vocabulary).weights();
        TrainingData second = words(new String[] {"lit", "good"}, new String[] {"meh", "bad"}, 600, 2);
        for (FrozenLayers frozen : FrozenLayers.values()) {
            Weights tuned = fineTune(hyperparameters(0.01, 0, frozen, 0), parent, second, vocabulary);
            assertThat(Arrays.equals(tuned.embedding(), parent.embedding()))
                    .as("embedding, %s", frozen)
                    .isEqualTo(frozen != FrozenLayers.NONE);
            assertThat(Arrays.equals(
                            tuned.forward().recurrent(), parent.forward().recurrent()))
                    .as("LSTM, %s", frozen)
                    .isEqualTo(frozen == FrozenLayers.ENCODER);
            assertThat(Arrays.equals(tuned.polarity().dense(), parent.polarity().dense()))
                    .as("last layer, %s", frozen)
                    .isFalse();
            assertThat(tuned.buckets()).isEqualTo(1 << 14);
            assertThat(evaluate(tuned, vocabulary, second.split().test()).accuracy())
                    .as("%s", frozen)
                    .isGreaterThan(0.75);
        }
    }

    /** The second data set labels one of the first one's words the other way. */
    @Test
    void rehearsalReducesForgetting() throws Exception {
        TrainingData first = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 1000, 1);
        TrainingData second =
                words(new String[] {"lit", "fire", "lit", "fire"}, new String[] {"meh", "mid", "meh", "good"}, 334, 2);
        Vocabulary vocabulary =
                Vocabulary.of(List.of("my", "is", "good", "great", "bad", "awful", "lit", "meh", "mid", "fire"));
        Weights parent = train(NETWORK_ALONE, first, vocabulary).weights();
        Hyperparameters hyperparameters = hyperparameters(0.02, 0, FrozenLayers.NONE, 0);
        TrainingData mixed = second.withRehearsal(List.of(first), 3, 1);
        assertThat(mixed.split().train())
                .hasSize(first.split().train().size() + second.split().train().size());
        assertThat(mixed.split().test()).isEqualTo(second.split().test());

        List<Example> earlier = first.split().test();
        Weights without = fineTune(hyperparameters, parent, second, vocabulary);
        Weights with = fineTune(hyperparameters, parent, mixed, vocabulary);
        assertThat(evaluate(with, vocabulary, earlier).accuracy())
                .isGreaterThan(evaluate(without, vocabulary, earlier).accuracy() + 0.05);
    }

    @Test
    void anInterruptedTrainingResumesAndGivesTheSameModel() throws Exception {
        TrainingData data = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 300, 1);
        Vocabulary vocabulary = vocabulary(data);
        Path checkpoint = folder.resolve("checkpoint");
        TrainingResult uninterrupted = train(NETWORK_ALONE, data, vocabulary);

        TrainingProgress interrupting = new TrainingProgress() {
            @Override
            public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
                if (epoch == 3 && share > 0.5) throw new IllegalStateException("interrupted");
            }
        };
        assertThatThrownBy(() -> train(NETWORK_ALONE, data, vocabulary, Optional.of(checkpoint), interrupting))
                .hasMessage("interrupted");
        assertThat(checkpoint.resolve("epochs.json")).exists();
        List<Integer> resumed = new ArrayList<>();
        TrainingProgress recording = new TrainingProgress() {
            @Override
            public void resumed(int epochs) {
                resumed.add(epochs);
            }
        };
        TrainingResult result = train(NETWORK_ALONE, data, vocabulary, Optional.of(checkpoint), recording);
        assertThat(resumed).containsExactly(2);
        assertThat(result.run().orElseThrow().epochs())
                .extracting(Epoch::number)
                .containsExactly(1, 2, 3, 4);
        assertThat(result.run().orElseThrow().averaged())
                .isEqualTo(uninterrupted.run().orElseThrow().averaged());
        assertThat(result.weights().polarity().dense())
                .containsExactly(uninterrupted.weights().polarity().dense(), within(1e-6f));

        Hyperparameters others = hyperparameters(0.01, 0.1, FrozenLayers.NONE, 0);
        assertThatThrownBy(() -> train(others, data, vocabulary, Optional.of(checkpoint), TrainingProgress.NONE))
                .hasMessageContaining("other settings or data");
        Checkpoint.delete(checkpoint);
        assertThat(checkpoint).doesNotExist();
    }
}
