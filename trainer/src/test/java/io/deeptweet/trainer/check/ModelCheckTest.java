// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
    /** Positive where a text says so, neutral otherwise, and led astray by names and by links. */
    private static final Scorer MODEL = new Scorer() {
        @Override
        public Score score(String text) {
            if (text.contains("http")) return new Score(0.2f, 0.9f, version(), 1, 0);
            if (text.contains("Olga")) return new Score(0.4f, 0.9f, version(), 1, 0);
            if (text.contains("<b>")) return new Score(0.1f, 0.9f, version(), 1, 0);
            return text.contains("good") ? new Score(0.9f, 1, version(), 1, 0) : new Score(0.5f, 0.2f, version(), 1, 0);
        }

        @Override
        public String version() {
            return "v1";
        }
    };

    @Test
    void aClassThatIsNotExpectedIsAFailure() throws Exception {
        TestResult result = run("expect: positive, templates: [good, 'so good', plain, '<b>']");
        assertThat(result.failed()).isEqualTo(2);
        assertThat(result.failureRate()).isEqualTo(0.5);
        assertThat(result.passed()).isFalse();
        assertThat(result.examples())
                .containsExactly(
                        new TestResult.Failure("plain", "neutral 0.80", "", ""),
                        new TestResult.Failure("<b>", "negative 0.81", "", ""));
    }

    @Test
    void aCaseFailsOnceWhicheverVariantsDiffer() throws Exception {
        TestResult result =
                run("change: [{append: ' http://a'}, {append: ' http://b'}, {append: ' x'}], templates: [good]");
        assertThat(result.cases()).isEqualTo(1);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.examples())
                .containsExactly(new TestResult.Failure("good", "positive 0.90", "good http://a", "negative 0.72"));
    }

    @Test
    void twoModelsAreComparedByTheCasesThatTheyPass() throws Exception {
        CheckSuite suite = new CheckSuite();
        suite.read("tests", """
                tests:
                  - {test: a, capability: b, expect: positive, templates: [good, 'so good', plain, '<b>']}
                  - {test: c, capability: b, change: [{append: ' http://a'}], templates: [good, '<b>', Olga]}
                """);
        Scorer other = new Scorer() {
            @Override
            public Score score(String text) {
                return new Score(text.equals("good") ? 0.1f : 0.9f, 1, version(), 1, 0);
            }

            @Override
            public String version() {
                return "v2";
            }
        };
        assertThat(ModelCheck.compared(suite.tests(), MODEL, other)).isEqualTo(new McNemarTest(7, 4, 5, 2, 1));
    }

    @Test
    void aDirectionAllowsASmallMoveTheOtherWay() throws Exception {
        assertThat(run("change: [{append: ' good'}], direction: more positive, templates: [plain]")
                        .failed())
                .isZero();
        assertThat(run("change: [{append: ' good'}], direction: more negative, templates: [plain]")
                        .failed())
                .isOne();
        assertThat(run("change: [{append: ' x'}], direction: more negative, templates: [plain]")
                        .failed())
                .isZero();
    }

    @Test
    void theMeansOfGroupsAreCompared() throws Exception {
        TestResult result = run("vary: person, most-failures: 1, templates: ['{person} is good']");
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.passed()).isTrue();
        assertThat(result.groups().get("men")).isCloseTo(0.9, within(1e-6));
        assertThat(result.groups().get("women")).isCloseTo((0.9 + 0.36) / 2, within(1e-6));
        assertThat(result.gap()).isCloseTo(0.27, within(1e-6));
    }

    @Test
    void reportsShowFailuresAndEscapeThem() throws Exception {
        CheckReport report = new CheckReport(
                "v1",
                List.of(
                        run("expect: positive, templates: [good, '<b>']"),
                        run("vary: person, most-failures: 1, templates: ['{person} is good']")));
        assertThat(report.failureRate()).isEqualTo(0.75);
        assertThat(report.passed()).isFalse();
        assertThat(report.capabilities()).containsExactly(new CheckReport.Capability("some", 2, 0.75));
        assertThat(report.markdown()).contains("| some | 2 | 75.00 % |", "&lt;b\\> → negative 0.81", "women 0.630");
        assertThat(report.html()).contains("&lt;b&gt;").doesNotContain("<li><b> ");
        assertThat(report.json()).contains("\"passed\"", "\"failure_rate\"", "\"groups\"");
    }

    private static TestResult run(String definition) throws InvalidSuiteException {
        CheckSuite suite = new CheckSuite();
        suite.read("mine.yaml", """
                words: {person: {women: [Olga, Rosa], men: [Otto, Karl]}}
                tests: [{test: a title, capability: some, %s}]
                """.formatted(definition));
        return new ModelCheck(MODEL, 0.2, 3).run(suite.tests().get(0));
    }
}
