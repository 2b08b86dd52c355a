// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.text.TextPipeline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExamplesTest {
    @Test
    void textsWithTheSameTokensAreOneExample() {
        List<LabeledText> texts = List.of(
                new LabeledText("I love it!", true),
                new LabeledText("RT @bob: i LOVE it!", true),
                new LabeledText("@a hmm", true),
                new LabeledText("@b hmm", false),
                new LabeledText("...", false),
                new LabeledText("one two three four", true),
                new LabeledText("one two three five", true));
        Examples examples = Examples.of(texts, TextPipeline.deepTweet(), 3);
        assertThat(examples.examples())
                .containsExactly(
                        new Example(texts.get(0), List.of("i", "love", "it")),
                        new Example(texts.get(5), List.of("one", "two", "three")));
        assertThat(examples.dropped().byReason())
                .isEqualTo(
                        Map.of("without tokens", 1, "duplicate after tokenizing", 3, "with contradicting labels", 1));
        assertThat(examples.examples().size() + examples.dropped().total()).isEqualTo(texts.size());
    }

    @Test
    void aSplitKeepsTheClassesSharesAndHasEveryTextOnce() {
        List<Example> examples = examples(600, 200);
        Split split = Split.stratified(examples, new Split.Shares(0.1, 0.2), 3, new Split.Assignments());
        assertThat(split.validation()).hasSize(80).filteredOn(Example::positive).hasSize(20);
        assertThat(split.test()).hasSize(160).filteredOn(Example::positive).hasSize(40);
        assertThat(split.train()).hasSize(560).filteredOn(Example::positive).hasSize(140);
        Set<Example> all = new HashSet<>(split.train());
        all.addAll(split.validation());
        all.addAll(split.test());
        assertThat(all).hasSize(800);
    }

    @Test
    void theSameSeedGivesTheSameSplit() {
        List<Example> examples = examples(50, 50);
        assertThat(Split.stratified(examples, new Split.Shares(0.1, 0.1), 3, new Split.Assignments()))
                .isEqualTo(Split.stratified(examples, new Split.Shares(0.1, 0.1), 3, new Split.Assignments()))
                .isNotEqualTo(Split.stratified(examples, new Split.Shares(0.1, 0.1), 4, new Split.Assignments()));
    }

    @Test
    void tooFewTextsAreRefused() {
        assertThatThrownBy(() ->
                        Split.stratified(examples(100, 3), new Split.Shares(0.1, 0.1), 1, new Split.Assignments()))
                .hasMessage("the number of positive texts is 3: too few to split for training, validation and test");
    }

    private static List<Example> examples(int negative, int positive) {
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < negative + positive; i++)
            examples.add(new Example(new LabeledText("w" + i, i >= negative), List.of("w" + i)));
        return examples;
    }
}
