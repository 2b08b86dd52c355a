// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.trainer.check.BehaviouralTest.Case;
import io.deeptweet.trainer.check.BehaviouralTest.Variant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckSuiteTest {
    private static final String WORDS = """
            words:
              good: [lovely, awful good]
              thing: [day, apple]
              person: {women: [Mary, Aisha, Rosa], men: [John, Ahmed, Otto]}
            tests:
            """;

    @Test
    void aTemplateIsFilledWithAllWordsOfItsLists() throws Exception {
        BehaviouralTest test = test("expect: [positive, neutral], templates: ['a {good} {thing}, a {thing}']");
        assertThat(test.expectation())
                .isEqualTo(new Expectation.Label(Set.of(SentimentClass.POSITIVE, SentimentClass.NEUTRAL)));
        assertThat(test.cases())
                .extracting(sentences -> sentences.text().text())
                .containsExactlyInAnyOrder(
                        "a lovely day, a day",
                        "an awful good day, a day",
                        "a lovely apple, an apple",
                        "an awful good apple, an apple");
    }

    @Test
    void anotherWordOfTheSameListHasANumber() throws Exception {
        assertThat(test("expect: positive, templates: ['{thing} and {thing:2}']")
                        .cases())
                .extracting(sentences -> sentences.text().text())
                .containsExactlyInAnyOrder("day and apple", "apple and day");
    }

    @Test
    void aVariedWordIsDrawnFromAllGroups() throws Exception {
        BehaviouralTest test = test("vary: person, templates: ['{person} has a {thing}']");
        assertThat(test.expectation()).isEqualTo(new Expectation.SameClass());
        assertThat(test.cases()).hasSize(2).allSatisfy(sentences -> {
            List<Variant> all = Stream.concat(Stream.of(sentences.text()), sentences.variants().stream())
                    .toList();
            assertThat(all).extracting(Variant::group).containsOnly("women", "men");
            assertThat(all).extracting(Variant::text).doesNotHaveDuplicates().hasSize(6);
        });
    }

    @Test
    void aChangeIsAppliedToTheWholeSentence() throws Exception {
        BehaviouralTest test = test("change: [{append: '!'}, {prepend: '@a '}, upper, lower, {typos: 1}],"
                + " direction: more positive, templates: ['What fun']");
        Case only = test.cases().get(0);
        assertThat(test.expectation()).isEqualTo(new Expectation.Direction(true));
        assertThat(only.variants())
                .extracting(Variant::text)
                .startsWith("What fun!", "@a What fun", "WHAT FUN", "what fun")
                .last()
                .satisfies(typo -> assertThat(typo)
                        .isIn("Waht fun", "What fnu", "Wtah fun", "Whta fun")
                        .hasSize(8));
    }

    @Test
    void noMoreCasesAreMadeThanWantedAndAlwaysTheSame() throws Exception {
        String definition = "expect: positive, cases: 3, templates: ['{good} {thing} {thing:2} {good:2}']";
        assertThat(test(definition).cases())
                .hasSize(3)
                .doesNotHaveDuplicates()
                .isEqualTo(test(definition).cases());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            expect: positive                                          | has no templates
            expect: glad, templates: [x]                              | expect is glad: use negative, neutral or
            expect: [], templates: [x]                                | expect names no class
            expect: positive, templates: ['{nothing}']                | there are no words for {nothing}
            expect: positive, templates: ['{Thing}']                  | has braces that are no place
            change: [], templates: [a]                                | change is empty
            change: [{append: null}], templates: [a]                  | append has no text
            change: [{append: {a: b}}], templates: [a]                | append has no text
            expect: positive, templates: ['{thing} {thing:2} {thing:3}'] | needs 3 different words of thing, which has 2
            expect: positive, vary: person, templates: ['{person}']   | needs one of expect, vary and change
            templates: [x]                                            | needs one of expect, vary and change
            vary: person, templates: [x]                              | the template "x" has no {person}
            vary: nobody, templates: [x]                              | use a list of two words or more
            change: [{scramble: 1}], templates: [x]                   | change is scramble: use append, prepend
            change: [{typos: many}], templates: [x]                   | typos is many: use 1 to 9
            change: [upper], direction: up, templates: [x]            | direction is up: use more positive
            expect: positive, direction: up, templates: [x]           | direction needs change
            expect: positive, templates: [x], cases: 0                | cases is 0: use 1 to 100000
            expect: positive, templates: [x], most-failures: 2        | most-failures is 2: use 0 to 1
            expect: positive, templates: [x], template: y             | template is unknown: use one of
            expect: positive, templates: [[x]]                        | is no text
            """)
    void aTestThatCannotBeUsedIsNamed(String definition, String message) {
        assertThatThrownBy(() -> test(definition))
                .isInstanceOf(InvalidSuiteException.class)
                .hasMessageStartingWith("mine.yaml: test 1 (a title)")
                .hasMessageContaining(message);
    }

    @Test
    void aFileThatIsNoSuiteIsNamed() {
        assertThatThrownBy(() -> new CheckSuite().read("mine.yaml", "a: ["))
                .hasMessageStartingWith("mine.yaml is not YAML");
        assertThatThrownBy(() -> new CheckSuite().read("mine.yaml", "tests: []"))
                .hasMessage("mine.yaml has neither words nor tests");
        assertThatThrownBy(() -> new CheckSuite().read("mine.yaml", "test: []"))
                .hasMessage("mine.yaml: test is unknown: use words and tests");
    }

    @Test
    void aLaterFileUsesTheWordsOfAnEarlierOne() throws Exception {
        CheckSuite suite = new CheckSuite();
        suite.read("a.yaml", "words: {brand: [Acme]}");
        suite.read(
                "b.yaml",
                "{words: {brand: [Globex]}, tests: [{test: t, capability: c, expect: neutral,"
                        + " templates: ['{brand}']}]}");
        assertThat(suite.tests().get(0).cases()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            `words: [a, b]`                                  | words are no lists with names
            `tests: hello`                                   | tests are no list
            `words: {my-brand: [a]}`                         | a list is called my-brand
            `{words: {a: [x]}, words: {b: [y]}}`             | is not YAML: Duplicate field 'words'
            `words: {a: &x [b], c: *x}`                      | has an alias, *x
            `words: {a: [b]}\\n---\\ntests: []`                | is not YAML: Trailing token
            """)
    void aFileOfAnotherFormIsRefused(String yaml, String message) {
        assertThatThrownBy(() -> new CheckSuite().read("mine.yaml", yaml.replace("\\n", "\n")))
                .isInstanceOf(InvalidSuiteException.class)
                .hasMessageContaining("mine.yaml")
                .hasMessageContaining(message);
    }

    /** The other places of a list of 15 different words have 14 left. */
    @Test
    void aRepeatedWordCountsOnce() throws Exception {
        CheckSuite suite = new CheckSuite();
        suite.read("mine.yaml", """
                words: {drink: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, a, b]}
                tests:
                  - {test: t, capability: c, expect: positive, cases: 300, templates: ['{drink} and {drink:2}']}
                """);
        assertThat(suite.tests().get(0).cases()).hasSize(210).doesNotHaveDuplicates();
    }

    @Test
    void tooMuchTextIsRefused() {
        String template = "x".repeat(100_000) + "{n} {n:2}";
        assertThatThrownBy(() -> new CheckSuite().read("mine.yaml", """
                words: {n: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]}
                tests: [{test: t, capability: c, expect: positive, cases: 240, templates: ['TEMPLATE']}]
                """.replace("TEMPLATE", template)))
                .isInstanceOf(InvalidSuiteException.class)
                .hasMessageContaining("more than 20000000 characters");
    }

    @Test
    void theShippedTestsAreRead() throws Exception {
        CheckSuite suite = new CheckSuite();
        suite.read("english.yaml", shipped());
        assertThat(suite.tests()).hasSizeGreaterThan(30).allSatisfy(test -> {
            assertThat(test.cases()).hasSizeGreaterThan(1).hasSizeLessThanOrEqualTo(204);
            assertThat(test.cases())
                    .allSatisfy(sentences -> assertThat(sentences.text().text()).doesNotContain("{", "}"));
        });
        assertThat(suite.tests()).extracting(BehaviouralTest::name).doesNotHaveDuplicates();
    }

    private static String shipped() throws IOException {
        try (var in = CheckSuiteTest.class.getResourceAsStream("/checks/english.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static BehaviouralTest test(String definition) throws InvalidSuiteException {
        CheckSuite suite = new CheckSuite();
        suite.read("mine.yaml", WORDS + "  - {test: a title, capability: some, " + definition + "}");
        return suite.tests().get(0);
    }
}
