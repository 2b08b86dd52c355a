// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.trainer.data.Example;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.data.Split;
import io.deeptweet.trainer.evaluate.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearBaselineTest {
    private static final Split.Shares SHARES = new Split.Shares(0.2, 0.2);

    private static Example example(String text, boolean positive) {
        return new Example(new LabeledText(text, positive), List.of(text.split(" ")));
    }

    /** Neither word says anything about the class, but their order does. */
    @Test
    void wordPairsAreFeatures() {
        Random random = new Random(1);
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < 400; i++)
            examples.add(example(
                    "w" + random.nextInt(9) + (i % 2 == 0 ? " not bad" : " bad not") + " x" + random.nextInt(9) + " n"
                            + i,
                    i % 2 == 0));
        Split split = Split.stratified(examples, SHARES, 1, new Split.Assignments());
        Evaluation evaluation = LinearBaseline.fit(split).evaluate(split.test());
        assertThat(evaluation.accuracy()).isEqualTo(1);
        assertThat(evaluation.rocAuc()).hasValue(1);
    }

    /** For unknown words the bias decides, which reflects the shares of the classes, whichever class comes first. */
    @Test
    void textsOfUnknownWordsGetTheMoreFrequentClass() {
        for (boolean frequent : new boolean[] {false, true}) {
            List<Example> examples = new ArrayList<>();
            for (int i = 0; i < 200; i++)
                examples.add(example("w" + i % 7 + " n" + i, i % 5 == 0 ? !frequent : frequent));
            LinearBaseline linear = LinearBaseline.fit(Split.stratified(examples, SHARES, 1, new Split.Assignments()));
            Evaluation evaluation =
                    linear.evaluate(List.of(example("unheard of", frequent), example("never seen", !frequent)));
            assertThat(evaluation.confusion())
                    .allSatisfy((label, predicted) ->
                            assertThat(predicted).containsEntry(frequent ? "positive" : "negative", 1));
        }
    }
}
