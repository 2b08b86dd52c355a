// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TargetTest {
    private static final Score TEACHER = new Score(0.8f, 0.5f, "teacher", 0, 0);

    @ParameterizedTest
    @EnumSource
    void aLabelOfThreeClassesIsATargetOfTheOpinion(SentimentClass label) {
        Target target = Target.of(new LabeledText("text", label));
        assertThat(target.opinion()).isEqualTo(label == SentimentClass.NEUTRAL ? 0 : 1);
        assertThat(target.opinionWeight()).isOne();
        assertThat(target.polarityWeight()).isEqualTo(label == SentimentClass.NEUTRAL ? 0 : 1);
    }

    @Test
    void aLabelOfTwoClassesSaysNothingAboutTheOpinion() {
        assertThat(Target.of(new LabeledText("text", true))).isEqualTo(new Target(1, 1, 1, 0));
        assertThat(Target.of(new LabeledText("text", false))).isEqualTo(new Target(0, 1, 1, 0));
    }

    @Test
    void softLabelsMixBothHeads() {
        Target mixed =
                Target.of(new LabeledText("text", SentimentClass.POSITIVE)).mixed(TEACHER, 0.5, true);
        assertThat(mixed).isEqualTo(new Target(0.9f, 1, 0.75f, 1));
        assertThat(Target.of(TEACHER, true)).isEqualTo(new Target(0.8f, 0.5f, 0.5f, 1));
        assertThat(Target.of(TEACHER, false).opinionWeight()).isZero();
    }

    @Test
    void aTextOfTwoClassesHasTheOpinionOfATeacherThatKnowsThree() {
        Target two = Target.of(new LabeledText("text", true));
        assertThat(two.mixed(TEACHER, 0.5, true)).isEqualTo(new Target(0.9f, 1, 0.5f, 0.5f));
        assertThat(two.mixed(TEACHER, 0.5, false).opinionWeight()).isZero();
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        for (float value : new float[] {-0.1f, 1.1f, Float.NaN}) {
            assertThatThrownBy(() -> new Target(value, 1, 1, 1)).hasMessageContaining("polarity is ");
            assertThatThrownBy(() -> new Target(1, 1, value, 1)).hasMessageContaining("opinion is ");
        }
        for (float value : new float[] {-0.1f, Float.POSITIVE_INFINITY, Float.NaN}) {
            assertThatThrownBy(() -> new Target(1, value, 1, 1)).hasMessageContaining("polarity weight is ");
            assertThatThrownBy(() -> new Target(1, 1, 1, value)).hasMessageContaining("opinion weight is ");
        }
    }

    /** Texts of two classes do not count: they say nothing about how frequent neutral texts are. */
    @Test
    void balancedClassesOfADataSetWeighTheSame() {
        List<Example> examples = new ArrayList<>();
        for (SentimentClass label : SentimentClass.values())
            for (int i = 0; i < 10 * (1 + label.ordinal()); i++)
                examples.add(new Example(new LabeledText("a", label), List.of("a")));
        for (int i = 0; i < 100; i++) examples.add(new Example(new LabeledText("b", true), List.of("b")));
        for (SentimentClass label : SentimentClass.values())
            assertThat(Split.balanced(examples, 1).stream()
                            .filter(example -> example.source().label() == label)
                            .mapToDouble(example -> example.target().opinionWeight())
                            .sum())
                    .isCloseTo(20, within(1e-4));
        assertThat(Split.balanced(examples, 1))
                .filteredOn(example -> !example.source().opinionLabelled())
                .hasSize(100)
                .allMatch(example -> example.target().polarityWeight() == 1);
        assertThat(Split.balanced(examples, 0)).isEqualTo(examples);
    }

    /** A rare class would otherwise be learned from a few texts, whose labels may be wrong. */
    @Test
    void theWeightsOfARareClassAreBounded() {
        List<Example> examples = new ArrayList<>();
        add(examples, "skewed", SentimentClass.NEUTRAL, 98);
        add(examples, "skewed", SentimentClass.NEGATIVE, 1);
        add(examples, "skewed", SentimentClass.POSITIVE, 1);
        add(examples, "even", SentimentClass.NEGATIVE, 50);
        add(examples, "even", SentimentClass.NEUTRAL, 50);
        assertThat(Split.balanced(examples, 1))
                .allSatisfy(example -> assertThat(example.target().opinionWeight())
                        .isCloseTo(
                                example.source().dataSet().equals("even")
                                        ? 1
                                        : example.source().neutral() ? 100f / 3 / 98 : 3,
                                within(1e-4f)));
    }

    private static void add(List<Example> examples, String dataSet, SentimentClass label, int texts) {
        for (int i = 0; i < texts; i++)
            examples.add(new Example(new LabeledText("a", label, true, dataSet), List.of("a")));
    }
}
