// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A behavioural test: what a model should do with sentences of some kind.
 *
 * @param name what is tested, in a few words
 * @param capability what the test belongs to, such as {@code negation}
 * @param cases at least one
 * @param expectation when a case fails
 * @param mostFailures largest share of failed cases with which the test passes, in [0, 1]; empty for the suite's
 * @see <a href="https://aclanthology.org/2020.acl-main.442">Ribeiro et al.: Beyond Accuracy: Behavioral Testing of NLP
 *     Models with CheckList, 2020</a>
 */
public record BehaviouralTest(
        String name, String capability, List<Case> cases, Expectation expectation, Optional<Double> mostFailures) {
    public BehaviouralTest {
        cases = List.copyOf(cases);
    }

    /** All sentences of its cases. */
    public Stream<String> texts() {
        return cases.stream()
                .flatMap(sentences -> Stream.concat(Stream.of(sentences.text), sentences.variants.stream()))
                .map(Variant::text);
    }

    /**
     * Sentences that belong together.
     *
     * @param text the sentence, or the one that the others are compared with
     * @param variants the same sentence changed; none for a {@link Expectation.Label}
     */
    public record Case(Variant text, List<Variant> variants) {
        public Case {
            variants = List.copyOf(variants);
        }
    }

    /**
     * A sentence.
     *
     * @param group of the word that is varied, such as {@code women}; empty if it has none
     */
    public record Variant(String text, String group) {}
}
