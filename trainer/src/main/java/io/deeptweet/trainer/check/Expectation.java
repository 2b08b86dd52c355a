// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.SentimentClass;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** When a case of a behavioural test fails. */
public sealed interface Expectation {
    /** The kind of test, in CheckList's words. */
    String kind();

    /** What is expected, for people. */
    String inWords();

    /** Minimum functionality: the sentence has one of these classes. */
    record Label(Set<SentimentClass> classes) implements Expectation {
        public Label {
            classes = Set.copyOf(classes);
        }

        /** Whether a score is as expected. */
        boolean holds(Score score) {
            return classes.contains(score.sentiment());
        }

        @Override
        public String kind() {
            return "minimum functionality";
        }

        @Override
        public String inWords() {
            return Arrays.stream(SentimentClass.values())
                    .filter(classes::contains)
                    .map(SentimentClass::label)
                    .collect(Collectors.joining(" or "));
        }
    }

    /** Invariance: no variant has another class than the sentence. */
    record SameClass() implements Expectation {
        boolean holds(Score before, Score after) {
            return before.sentiment() == after.sentiment();
        }

        @Override
        public String kind() {
            return "invariance";
        }

        @Override
        public String inWords() {
            return "the same class";
        }
    }

    /**
     * Directional expectation: P(positive) − P(negative) of a variant does not move the other way.
     *
     * @param positive whether variants are at least as positive as the sentence, or at least as negative
     */
    record Direction(boolean positive) implements Expectation {
        /** How far it may move the other way, as in CheckList. */
        static final double TOLERANCE = 0.1;

        boolean holds(Score before, Score after) {
            double moved = balance(after) - balance(before);
            return (positive ? moved : -moved) >= -TOLERANCE;
        }

        private static double balance(Score score) {
            return (double) score.positive() - score.negative();
        }

        @Override
        public String kind() {
            return "directional expectation";
        }

        @Override
        public String inWords() {
            return positive ? "not less positive" : "not less negative";
        }
    }
}
