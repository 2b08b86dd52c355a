// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.score.KernelScorer;
import io.deeptweet.trainer.data.LabeledText;
import io.deeptweet.trainer.evaluate.Evaluation;
import io.deeptweet.trainer.publish.Artefacts;
import java.util.List;
import org.junit.jupiter.api.Test;

class BehaviouralCasesTest {
    private final List<LabeledText> cases = BehaviouralCases.all();

    @Test
    void templatesAndWordsBecomeCases() {
        assertThat(cases)
                .hasSizeGreaterThan(500)
                .doesNotHaveDuplicates()
                .contains(
                        new LabeledText("this is good", true),
                        new LabeledText("this is awful", false),
                        new LabeledText("this is not good", false),
                        new LabeledText("i do not love this song", false))
                .noneMatch(text -> text.text().contains("{"))
                .noneMatch(text -> text.text().equals("this is not awful"));
        assertThat(cases).filteredOn(LabeledText::positive).hasSizeGreaterThan(200);
    }

    /** Cases that the model has wrong guard nothing. */
    @Test
    void theDefaultModelHasMostOfThemRight() {
        assertThat(Evaluation.of(KernelScorer.of(Artefacts.shipped()), cases).accuracy())
                .isGreaterThan(0.85);
    }

    @Test
    void aMissingSectionIsNamed() {
        assertThatThrownBy(() -> BehaviouralCases.generate("[positive adjective]\ngood\n"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("[negative adjective]");
    }
}
