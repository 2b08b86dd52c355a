// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DroppedRows;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import io.deeptweet.trainer.train.TrainingProgress;
import io.deeptweet.trainer.train.TrainingTargets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The teacher classifies the texts once for all tests, as loading its encoders takes seconds. */
class DistillationTest {
    private static final List<String> POSITIVE = List.of(
            "what a lovely morning",
            "this made my day",
            "so happy with it",
            "the best ever",
            "thank you, great work",
            "I love it");
    private static final List<String> NEGATIVE = List.of(
            "what a horrible morning",
            "this ruined my day",
            "so angry about it",
            "the worst ever",
            "shame on you, poor work",
            "I hate it");
    /** None of these words is in a labelled text. */
    private static final List<String> UNLABELED = List.of(
            "absolutely delicious food", "our team won, hooray", "disgusting food again", "crying because they lost");

    private static final TrainingData DATA = data();
    private static final int LABELED = DATA.split().train().size();

    @TempDir
    static Path folder;

    private static Path cache;
    private static List<Score> scores;
    private static int encoded;

    private static TrainingData data() {
        List<LabeledText> texts = new ArrayList<>();
        for (String thing : List.of("phone", "train", "boss", "game", "weather")) {
            POSITIVE.forEach(text -> texts.add(new LabeledText(text + " " + thing, true)));
            NEGATIVE.forEach(text -> texts.add(new LabeledText(text + " " + thing, false)));
        }
        DataSet set = new DataSet("synthetic", texts.size() + UNLABELED.size(), texts, UNLABELED, DroppedRows.NONE);
        return TrainingData.of(
                List.of(set), TextPipeline.deepTweet(), 64, 0, Split.FINE_TUNING, 1, new Split.Assignments());
    }

    @BeforeAll
    static void classify() throws Exception {
        cache = folder.resolve("model.teacher");
        AtomicInteger texts = new AtomicInteger();
        scores = Teacher.scores(DATA, cache, counting(texts));
        encoded = texts.get();
    }

    /** Counts the texts that the teacher encodes. */
    private static TrainingProgress counting(AtomicInteger texts) {
        return new TrainingProgress() {
            @Override
            public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {
                texts.set(done);
            }
        };
    }

    @Test
    void theTeacherClassifiesTextsWhoseWordsAreInNoLabelledText() {
        List<Example> examples = Distillation.softLabelled(DATA, scores, 0.5);
        assertThat(examples).hasSize(LABELED + UNLABELED.size());
        assertThat(examples.subList(LABELED, examples.size()))
                .extracting(Example::positive)
                .containsExactly(true, true, false, false);
    }

    @Test
    void aSoftLabelIsAMixtureOfLabelAndProbability() {
        List<Example> teacherAlone = Distillation.softLabelled(DATA, scores, 1);
        List<Example> mixed = Distillation.softLabelled(DATA, scores, 0.25);
        for (int i = 0; i < LABELED; i++) {
            assertThat(teacherAlone.get(i).target().polarity()).isStrictlyBetween(0f, 1f);
            float label = mixed.get(i).positive() ? 1 : 0;
            assertThat(mixed.get(i).target().polarity())
                    .isCloseTo(0.25f * teacherAlone.get(i).target().polarity() + 0.75f * label, within(1e-6f));
        }
    }

    @Test
    void fromScratchTheNgramsHaveAFifthOfTheTeachersShareInLabelledTexts() throws Exception {
        TrainingTargets targets = Distillation.fromScratch(DATA, 0.5, cache, TrainingProgress.NONE);
        assertThat(targets.network().train()).hasSize(LABELED + UNLABELED.size());
        assertThat(targets.network().heads())
                .as("unlabelled texts do not make three classes of two")
                .isOne();
        for (int i = 0; i < targets.network().train().size(); i++) {
            Example network = targets.network().train().get(i);
            Example ngrams = targets.ngrams().train().get(i);
            assertThat(ngrams.tokens()).isEqualTo(network.tokens());
            float label = network.positive() ? 1 : 0;
            if (i < LABELED)
                assertThat(Math.abs(ngrams.target().polarity() - label))
                        .isCloseTo(0.2f * Math.abs(network.target().polarity() - label), within(1e-6f));
            else assertThat(ngrams.target()).isEqualTo(network.target());
        }
        assertThat(targets.network().validation()).isEqualTo(DATA.split().validation());
        assertThat(targets.ngrams().validation()).isEqualTo(DATA.split().validation());
    }

    @Test
    void inFineTuningRehearsedTextsGetSoftLabelsOfTheParent() throws Exception {
        Example rehearsed = new Example(new LabeledText("an earlier text", false), List.of("an", "earlier", "text"));
        List<Example> train = new ArrayList<>(DATA.split().train());
        train.add(rehearsed);
        Split mixed = new Split(train, DATA.split().validation(), DATA.split().test());
        TrainingTargets targets =
                Distillation.fineTuning(DATA, mixed, alwaysPositive(), 0.5, cache, TrainingProgress.NONE);
        assertThat(targets.network()).isEqualTo(targets.ngrams());
        assertThat(targets.network().train().subList(0, LABELED + UNLABELED.size()))
                .isEqualTo(Distillation.softLabelled(DATA, scores, 0.5));
        assertThat(targets.network().train().get(LABELED + UNLABELED.size()))
                .isEqualTo(rehearsed.withSoftLabel(new Score(0.8f, "synthetic"), 0.5, true));
    }

    private static Scorer alwaysPositive() {
        return new Scorer() {
            @Override
            public Score score(String text) {
                return new Score(0.8f, version());
            }

            @Override
            public String version() {
                return "synthetic";
            }
        };
    }

    @Test
    void withoutATeacherTargetsAreTheLabels() throws Exception {
        Path unused = folder.resolve("unused");
        assertThat(Distillation.fromScratch(DATA, 0, unused, TrainingProgress.NONE))
                .isEqualTo(new TrainingTargets(DATA.split()));
        assertThat(unused).doesNotExist();
    }

    @Test
    void probabilitiesAreReadFromTheCacheForTheSameTextsOnly() throws Exception {
        assertThat(encoded).isEqualTo(scores.size() + DATA.split().validation().size());
        AtomicInteger texts = new AtomicInteger();
        assertThat(Teacher.scores(DATA, cache, counting(texts))).isEqualTo(scores);
        assertThat(texts).hasValue(0);

        Path other = Files.copy(cache, folder.resolve("other.teacher"));
        List<TrainingData.Unlabeled> unlabeled =
                List.of(new TrainingData.Unlabeled("something else", List.of("something", "else")));
        TrainingData others = new TrainingData(DATA.name(), DATA.rows(), DATA.dropped(), DATA.split(), unlabeled);
        assertThat(Teacher.scores(others, other, counting(texts))).hasSize(LABELED + 1);
        assertThat(texts.get()).isPositive();
        assertThat(folder.resolve("other.teacher.part")).doesNotExist();
    }

    /** The opinion head of the teacher learns from neutral texts; the polarity is not asked for in these. */
    @Test
    void aTeacherOfThreeClassesTellsNeutralTexts() throws Exception {
        List<LabeledText> texts = new ArrayList<>();
        DATA.split()
                .train()
                .forEach(example -> texts.add(new LabeledText(
                        example.source().text(), example.source().label())));
        for (String day : List.of("monday", "tuesday", "friday", "sunday"))
            for (String what : List.of("the meeting is on", "the shop opens on", "the train to the town leaves on"))
                texts.add(new LabeledText(what + " " + day, SentimentClass.NEUTRAL));
        TrainingData data = TrainingData.of(
                List.of(new DataSet("synthetic", texts.size(), texts, UNLABELED, DroppedRows.NONE)),
                TextPipeline.deepTweet(),
                64,
                0,
                Split.FINE_TUNING,
                1,
                new Split.Assignments());
        List<Score> scores = Teacher.scores(data, folder.resolve("three.teacher"), TrainingProgress.NONE);
        List<Example> soft = Distillation.softLabelled(data, scores, 0.5);
        double neutral = opinion(data, scores, true);
        assertThat(neutral).isLessThan(opinion(data, scores, false) - 0.2);
        assertThat(soft.stream().filter(example -> example.source().neutral()).toList())
                .isNotEmpty()
                .allSatisfy(example -> {
                    assertThat(example.target().polarityWeight()).isZero();
                    assertThat(example.target().opinionWeight()).isOne();
                });
        assertThat(soft.subList(scores.size() - UNLABELED.size(), scores.size()))
                .allSatisfy(example -> assertThat(example.target().polarityWeight())
                        .isEqualTo(example.target().opinion()));
    }

    private static double opinion(TrainingData data, List<Score> scores, boolean neutral) {
        return IntStream.range(0, data.split().train().size())
                .filter(i -> data.split().train().get(i).source().neutral() == neutral)
                .mapToDouble(i -> scores.get(i).opinion())
                .average()
                .orElseThrow();
    }
}
