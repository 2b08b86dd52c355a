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
import io.deeptweet.trainer.evaluate.ScoredText;
import io.deeptweet.trainer.network.BiLstm;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HyperparametersTest {
    private static final TrainingRun.Plan PLAN = new TrainingRun.Plan(4, 32, 2, 0.05, 1);
    private static final Hyperparameters NETWORK =
            new Hyperparameters(PLAN, 0.02, true, 0.1, 0.1, Hyperparameters.Freeze.NONE, 0);
    private static final Hyperparameters WITH_NGRAMS =
            new Hyperparameters(PLAN, 0.02, true, 0.1, 0.1, Hyperparameters.Freeze.NONE, 1 << 14);

    @TempDir
    Path folder;

    /** Nothing tells but the words' endings, and no word comes twice: a vocabulary is of no use. */
    private static TrainingData endings(int count) {
        return material(
                count,
                1,
                (random, positive) ->
                        "w" + Integer.toString(Math.abs(random.nextInt()), 36) + (positive ? "ful" : "less"));
    }

    private static TrainingData words(String[] good, String[] bad, int count, long seed) {
        return material(count, seed, (random, positive) -> (positive ? good : bad)[random.nextInt(good.length)]);
    }

    private interface Word {
        String of(Random random, boolean positive);
    }

    /** One label in ten is wrong. */
    private static TrainingData material(int count, long seed, Word word) {
        Random random = new Random(seed);
        List<LabeledText> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean positive = random.nextBoolean();
            String text = "my " + Integer.toString(random.nextInt(40), 36) + " is " + word.of(random, positive) + " n"
                    + Integer.toString(i, 36);
            texts.add(new LabeledText(text, random.nextDouble() < 0.1 ? !positive : positive));
        }
        return TrainingData.of(
                List.of(new DataSet("made", count, texts, DroppedRows.NONE)),
                TextPipeline.deepTweet(),
                64,
                0,
                Split.FINE_TUNING,
                1,
                new Split.Assignments());
    }

    private static Vocabulary vocabulary(TrainingData material) {
        return Vocabulary.build(material.split().train().stream().map(Example::tokens), 60);
    }

    private static Hyperparameters.Result train(Hyperparameters recipe, TrainingData material, Vocabulary vocabulary)
            throws Exception {
        return recipe.train(
                new BiLstm.Shape(vocabulary.size(), 12, 8),
                new Hyperparameters.Lessons(material.split()),
                vocabulary,
                Optional.empty(),
                SilentProgress.INSTANCE);
    }

    private static Evaluation test(Weights weights, Vocabulary vocabulary, List<Example> examples) {
        ModelArtefact model = ModelArtefact.of(
                "made",
                TextPipeline.deepTweet(),
                64,
                vocabulary,
                weights,
                new ModelArtefact.Provenance(Optional.empty(), Instant.EPOCH, "made", "{}"));
        List<ScoredText> scored = TrainedModel.score(KernelScorer.of(model), examples);
        return Evaluation.of(scored);
    }

    @Test
    void ngramsKnowWhatTheVocabularyDoesNot() throws Exception {
        TrainingData material = endings(1500);
        Vocabulary vocabulary = vocabulary(material);
        Evaluation without = test(
                train(NETWORK, material, vocabulary).weights(),
                vocabulary,
                material.split().test());
        Hyperparameters.Result result = train(WITH_NGRAMS, material, vocabulary);
        Evaluation with = test(result.weights(), vocabulary, material.split().test());
        assertThat(without.accuracy()).isLessThan(0.6);
        assertThat(with.accuracy()).isGreaterThan(0.8);
        assertThat(result.ngramScale()).isGreaterThan(0.5);
        assertThat(with.calibrationError()).isLessThan(0.1);
    }

    /** Much too sure of itself after so many epochs on so few texts, a network is told so by the validation texts. */
    @Test
    void whatIsTooSureIsCalibrated() throws Exception {
        TrainingData material =
                words(new String[] {"good", "great", "fine"}, new String[] {"bad", "awful", "sad"}, 400, 1);
        Vocabulary vocabulary = vocabulary(material);
        Hyperparameters long_ = new Hyperparameters(
                new TrainingRun.Plan(12, 16, 12, 0, 1), 0.05, false, 0, 0, Hyperparameters.Freeze.NONE, 0);
        Hyperparameters.Result result = train(long_, material, vocabulary);
        Evaluation calibrated =
                test(result.weights(), vocabulary, material.split().validation());
        Evaluation before = test(
                result.run().orElseThrow().weights(),
                vocabulary,
                material.split().validation());
        assertThat(calibrated.logLoss()).isLessThanOrEqualTo(before.logLoss() + 1e-6);
    }

    @Test
    void whatIsFrozenStays() throws Exception {
        TrainingData first = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 600, 1);
        Vocabulary vocabulary = Vocabulary.of(List.of("my", "is", "good", "great", "bad", "awful", "lit", "meh"));
        Weights parent = train(WITH_NGRAMS, first, vocabulary).weights();
        TrainingData second = words(new String[] {"lit", "good"}, new String[] {"meh", "bad"}, 600, 2);
        for (Hyperparameters.Freeze frozen : Hyperparameters.Freeze.values()) {
            Hyperparameters recipe = new Hyperparameters(PLAN, 0.01, true, 0, 0, frozen, 0);
            Weights tuned = recipe.fineTune(
                            parent,
                            new Hyperparameters.Lessons(second.split()),
                            vocabulary,
                            Optional.empty(),
                            SilentProgress.INSTANCE)
                    .weights();
            assertThat(Arrays.equals(tuned.embedding(), parent.embedding()))
                    .as("embedding, %s", frozen)
                    .isEqualTo(frozen != Hyperparameters.Freeze.NONE);
            assertThat(Arrays.equals(
                            tuned.forward().recurrent(), parent.forward().recurrent()))
                    .as("LSTM, %s", frozen)
                    .isEqualTo(frozen == Hyperparameters.Freeze.ENCODER);
            assertThat(Arrays.equals(tuned.dense(), parent.dense()))
                    .as("head, %s", frozen)
                    .isFalse();
            assertThat(tuned.ngrams()).hasSize(1 << 14);
            assertThat(test(tuned, vocabulary, second.split().test()).accuracy())
                    .as("%s", frozen)
                    .isGreaterThan(0.75);
        }
    }

    /** The second set says of a word, now and then, the opposite of the first. */
    @Test
    void rehearsalKeepsWhatWasLearned() throws Exception {
        TrainingData first = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 1000, 1);
        TrainingData second =
                words(new String[] {"lit", "fire", "lit", "fire"}, new String[] {"meh", "mid", "meh", "good"}, 334, 2);
        Vocabulary vocabulary =
                Vocabulary.of(List.of("my", "is", "good", "great", "bad", "awful", "lit", "meh", "mid", "fire"));
        Weights parent = train(NETWORK, first, vocabulary).weights();
        Hyperparameters recipe = new Hyperparameters(PLAN, 0.02, true, 0, 0, Hyperparameters.Freeze.NONE, 0);
        double without = test(
                        recipe.fineTune(
                                        parent,
                                        new Hyperparameters.Lessons(second.split()),
                                        vocabulary,
                                        Optional.empty(),
                                        SilentProgress.INSTANCE)
                                .weights(),
                        vocabulary,
                        first.split().test())
                .accuracy();
        TrainingData mixed = second.withRehearsal(List.of(first), 3, 1);
        assertThat(mixed.split().train())
                .hasSize(first.split().train().size() + second.split().train().size());
        assertThat(mixed.split().test()).isEqualTo(second.split().test());
        double with = test(
                        recipe.fineTune(
                                        parent,
                                        new Hyperparameters.Lessons(mixed.split()),
                                        vocabulary,
                                        Optional.empty(),
                                        SilentProgress.INSTANCE)
                                .weights(),
                        vocabulary,
                        first.split().test())
                .accuracy();
        assertThat(with).isGreaterThan(without + 0.05);
    }

    /** Stopped behind its second epoch, a training ends with the very weights that it would have had. */
    @Test
    void anInterruptedTrainingGoesOnAsIfNothingHadBeen() throws Exception {
        TrainingData material = words(new String[] {"good", "great"}, new String[] {"bad", "awful"}, 300, 1);
        Vocabulary vocabulary = vocabulary(material);
        BiLstm.Shape shape = new BiLstm.Shape(vocabulary.size(), 6, 4);
        Path checkpoint = folder.resolve("checkpoint");
        Hyperparameters.Result whole = NETWORK.train(
                shape,
                new Hyperparameters.Lessons(material.split()),
                vocabulary,
                Optional.empty(),
                SilentProgress.INSTANCE);

        SilentProgress stopping = new SilentProgress() {
            @Override
            public void batch(int epoch, double share, double loss, double samplesPerSecond, Duration left) {
                if (epoch == 3 && share > 0.5) throw new IllegalStateException("stopped");
            }
        };
        assertThatThrownBy(() -> NETWORK.train(
                        shape,
                        new Hyperparameters.Lessons(material.split()),
                        vocabulary,
                        Optional.of(checkpoint),
                        stopping))
                .hasMessage("stopped");
        assertThat(checkpoint.resolve("epochs.json")).exists();
        List<Integer> resumed = new ArrayList<>();
        SilentProgress watching = new SilentProgress() {
            @Override
            public void resumed(int epochs) {
                resumed.add(epochs);
            }
        };
        Hyperparameters.Result result = NETWORK.train(
                shape, new Hyperparameters.Lessons(material.split()), vocabulary, Optional.of(checkpoint), watching);
        assertThat(resumed).containsExactly(2);
        assertThat(result.run().orElseThrow().epochs())
                .extracting(Epoch::number)
                .containsExactly(1, 2, 3, 4);
        assertThat(result.run().orElseThrow().averaged())
                .isEqualTo(whole.run().orElseThrow().averaged());
        assertThat(result.weights().dense()).containsExactly(whole.weights().dense(), within(1e-6f));

        Hyperparameters other = new Hyperparameters(PLAN, 0.01, true, 0.1, 0.1, Hyperparameters.Freeze.NONE, 0);
        assertThatThrownBy(() -> other.train(
                        shape,
                        new Hyperparameters.Lessons(material.split()),
                        vocabulary,
                        Optional.of(checkpoint),
                        SilentProgress.INSTANCE))
                .hasMessageContaining("other settings or data");
        Checkpoint.delete(checkpoint);
        assertThat(checkpoint).doesNotExist();
    }
}
