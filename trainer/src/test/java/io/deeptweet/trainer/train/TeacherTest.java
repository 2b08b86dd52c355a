// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.text.TextPipeline;
import io.deeptweet.trainer.data.DataSet;
import io.deeptweet.trainer.data.DroppedRows;
import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.data.TrainingData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TeacherTest {
    private static final List<String> GLAD = List.of(
            "what a lovely morning",
            "this made my day",
            "so happy with it",
            "the best ever",
            "thank you, great work",
            "I love it");
    private static final List<String> SAD = List.of(
            "what a horrible morning",
            "this ruined my day",
            "so angry about it",
            "the worst ever",
            "shame on you, poor work",
            "I hate it");
    /** None of these words is in a labelled text. */
    private static final List<String> UNLABELED = List.of(
            "absolutely delicious food", "our team won, hooray", "disgusting food again", "crying because they lost");

    @TempDir
    Path folder;

    private static TrainingData material() {
        List<LabeledText> texts = new ArrayList<>();
        for (String thing : List.of("phone", "train", "boss", "game", "weather")) {
            GLAD.forEach(text -> texts.add(new LabeledText(text + " " + thing, true)));
            SAD.forEach(text -> texts.add(new LabeledText(text + " " + thing, false)));
        }
        DataSet set = new DataSet("made", texts.size() + UNLABELED.size(), texts, UNLABELED, DroppedRows.NONE);
        return TrainingData.of(
                List.of(set), TextPipeline.deepTweet(), 64, 0, Split.FINE_TUNING, 1, new Split.Assignments());
    }

    /** Counts what the teacher reads. */
    private static SilentProgress counting(AtomicInteger read) {
        return new SilentProgress() {
            @Override
            public void teacherEncoded(int done, int all, double textsPerSecond, Duration left) {
                read.set(done);
            }
        };
    }

    @Test
    void theTeacherTellsTextsWhoseWordsNoLabelSpeaksOf() throws Exception {
        TrainingData material = material();
        List<Example> lessons = Teacher.lessons(
                material, Teacher.probabilities(material, folder.resolve("kept"), SilentProgress.INSTANCE), 0.5);
        int labelled = material.split().train().size();
        assertThat(lessons).hasSize(labelled + UNLABELED.size());
        assertThat(lessons.subList(labelled, lessons.size()))
                .extracting(Example::positive)
                .containsExactly(true, true, false, false);
    }

    @Test
    void aLabelAndTheTeachersProbabilityAreMixedByItsShare() throws Exception {
        TrainingData material = material();
        float[] told = Teacher.probabilities(material, folder.resolve("kept"), SilentProgress.INSTANCE);
        List<Example> alone = Teacher.lessons(material, told, 1);
        List<Example> mixed = Teacher.lessons(material, told, 0.25);
        for (int i = 0; i < material.split().train().size(); i++) {
            assertThat(alone.get(i).target()).isStrictlyBetween(0f, 1f);
            assertThat(mixed.get(i).target())
                    .isCloseTo(0.25f * alone.get(i).target() + (mixed.get(i).positive() ? 0.75f : 0), within(1e-6f));
        }
    }

    @Test
    void theNgramsHearMoreOfTheLabelsAndAsMuchWhereThereIsNone() throws Exception {
        TrainingData material = material();
        TrainingRun.Plan plan = new TrainingRun.Plan(1, 8, 1, 0, 1);
        Hyperparameters.Lessons lessons = new Hyperparameters(
                        plan, 0.01, true, 0, 0, Hyperparameters.Freeze.NONE, 1024, 0.5)
                .lessons(material, folder.resolve("kept"), SilentProgress.INSTANCE);
        int labelled = material.split().train().size();
        for (int i = 0; i < lessons.network().train().size(); i++) {
            Example network = lessons.network().train().get(i);
            Example ngrams = lessons.ngrams().train().get(i);
            assertThat(ngrams.tokens()).isEqualTo(network.tokens());
            float label = network.positive() ? 1 : 0;
            if (i < labelled)
                assertThat(Math.abs(ngrams.target() - label))
                        .isCloseTo(0.2f * Math.abs(network.target() - label), within(1e-6f));
            else assertThat(ngrams.target()).isEqualTo(network.target());
        }
        assertThat(lessons.ngrams().validation()).isEqualTo(material.split().validation());
    }

    @Test
    void whatItSaidIsReadAgainForTheSameTextsOnly() throws Exception {
        TrainingData material = material();
        Path kept = folder.resolve("kept");
        AtomicInteger read = new AtomicInteger();
        float[] first = Teacher.probabilities(material, kept, counting(read));
        assertThat(read.getAndSet(0))
                .isEqualTo(first.length + material.split().validation().size());
        assertThat(Teacher.probabilities(material, kept, counting(read))).isEqualTo(first);
        assertThat(read).hasValue(0);

        List<TrainingData.Unlabeled> others =
                List.of(new TrainingData.Unlabeled("something else", List.of("something", "else")));
        TrainingData other =
                new TrainingData(material.name(), material.rows(), material.dropped(), material.split(), others);
        assertThat(Teacher.probabilities(other, kept, counting(read)))
                .hasSize(material.split().train().size() + 1);
        assertThat(read.get()).isPositive();
        assertThat(Files.exists(folder.resolve("kept.part"))).isFalse();
    }

    /** A text that measures must not be learned, whoever tells what it is. */
    @Test
    void textsWithoutALabelAreNeverOnesThatMeasure() {
        Split.Assignments sides = new Split.Assignments();
        List<LabeledText> texts = new ArrayList<>();
        for (int i = 0; i < 40; i++) texts.add(new LabeledText("text w" + Integer.toString(i + 40, 36), i % 2 == 0));
        DataSet set = new DataSet("made", texts.size(), texts, DroppedRows.NONE);
        TrainingData material =
                TrainingData.of(List.of(set), TextPipeline.deepTweet(), 64, 0, Split.FINE_TUNING, 1, sides);
        List<String> again =
                new ArrayList<>(texts.stream().map(LabeledText::text).toList());
        again.addAll(List.of("new", "new", "", "newer"));
        assertThat(material.withUnlabeled(again, TextPipeline.deepTweet(), 64, 0, 1, sides)
                        .unlabeled())
                .extracting(TrainingData.Unlabeled::text)
                .containsExactly("new", "newer");
    }
}
