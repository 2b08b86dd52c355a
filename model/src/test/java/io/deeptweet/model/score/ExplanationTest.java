// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Explanation.Term;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
    private static final List<Term> TERMS = List.of(
            new Term("it", true, 0.1, -0.5),
            new Term("great", true, 2, 1),
            new Term("hate", true, -1.5, 2),
            new Term("today", false, -0.2, -0.8));

    @ParameterizedTest
    @CsvSource({"0.9, 0.9, 'great,hate'", "0.1, 0.9, hate", "0.9, 0.1, 'today,it'"})
    void theDecisiveTokensAreThoseOfTheClass(float polarity, float opinion, String expected) {
        Explanation explanation = new Explanation(new Score(polarity, opinion, "v1", 4, 1), 0, 0, TERMS);
        assertThat(explanation.decisive(10)).extracting(Term::token).containsExactly(expected.split(","));
        assertThat(explanation.decisive(1)).extracting(Term::token).containsExactly(expected.split(",")[0]);
        assertThat(explanation.decisive(0)).isEmpty();
    }

    @Test
    void aTokenThatOccursTwiceIsOneTerm() {
        Explanation explanation = new Explanation(
                new Score(0.9f, "v1"),
                0,
                Double.POSITIVE_INFINITY,
                List.of(
                        new Term("so", true, 0.7, 0),
                        new Term("good", true, 1, 0),
                        new Term("so", true, 0.6, 0),
                        new Term("but", true, 0.4, 0),
                        new Term("but", true, -0.5, 0)));
        assertThat(explanation.decisive(5)).extracting(Term::token).containsExactly("so", "good");
        assertThat(explanation.decisive(1).get(0).polarity()).isCloseTo(1.3, within(1e-9));
    }

    /** A scorer that knows only its probabilities. */
    @Test
    void withoutTermsTheBiasesAreTheLogits() {
        Explanation explanation = constant(new Score(0.75f, 0.5f, "v1", 1, 0)).explain("any");
        assertThat(explanation.polarityBias()).isCloseTo(Math.log(3), within(1e-6));
        assertThat(explanation.opinionBias()).isZero();
        assertThat(explanation.terms()).isEmpty();
        assertThat(constant(new Score(0.75f, "v1")).explain("any").opinionBias())
                .isEqualTo(Double.POSITIVE_INFINITY);
    }

    private static Scorer constant(Score score) {
        return new Scorer() {
            @Override
            public Score score(String text) {
                return score;
            }

            @Override
            public String version() {
                return score.version();
            }
        };
    }
}
