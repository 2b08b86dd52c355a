// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import io.deeptweet.model.score.Explanation;
import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import java.util.List;
import java.util.stream.Stream;

/** Scorers with known results, for topology tests. */
final class TestScorers {
    private TestScorers() {}

    /** Always the same probability. Words with an x are unknown. */
    record Constant(String version, float probability) implements Scorer {
        @Override
        public Score score(String text) {
            String[] words = text.split(" ");
            int unknown =
                    (int) Stream.of(words).filter(word -> word.contains("x")).count();
            return new Score(probability, version, words.length, unknown);
        }
    }

    /** Negative for texts with "bad", otherwise positive. */
    record ByText() implements Scorer {
        @Override
        public Score score(String text) {
            return new Score(text.contains("bad") ? 0.1f : 0.9f, version());
        }

        @Override
        public String version() {
            return "by-text";
        }
    }

    /** Fails for every text. */
    record Failing(String version) implements Scorer {
        @Override
        public Score score(String text) {
            throw new IllegalStateException("made to fail");
        }
    }

    /** Throws for texts with "throws", and gives NaN for texts with "nan". */
    record FailingAtSome(String version) implements Scorer {
        @Override
        public Score score(String text) {
            if (text.contains("throws")) throw new ArrayIndexOutOfBoundsException(7);
            return new Score(text.contains("nan") ? Float.NaN : 0.75f, version);
        }
    }

    /** Scores every text and explains none. */
    record Inexplicable() implements Scorer {
        @Override
        public Score score(String text) {
            return new Score(0.75f, version());
        }

        @Override
        public Explanation explain(String text) {
            throw new IllegalStateException("made to fail");
        }

        @Override
        public String version() {
            return "inexplicable";
        }
    }

    /** Records its batches, a single text as a batch of one; not what it explains. */
    record BatchRecording(List<List<String>> batches) implements Scorer {
        @Override
        public Score score(String text) {
            return score(List.of(text)).get(0);
        }

        @Override
        public List<Score> score(List<String> texts) {
            batches.add(texts);
            return texts.stream().map(text -> new Score(0.75f, version())).toList();
        }

        @Override
        public Explanation explain(String text) {
            return new Explanation(new Score(0.75f, version()), 0, 0, List.of());
        }

        @Override
        public String version() {
            return "batches";
        }
    }

    /** Explains every text with the same four tokens. */
    record Explaining() implements Scorer {
        @Override
        public Score score(String text) {
            return new Score(0.75f, version());
        }

        @Override
        public Explanation explain(String text) {
            return new Explanation(
                    score(text),
                    -1.0,
                    Double.POSITIVE_INFINITY,
                    List.of(
                            new Explanation.Term("nice", true, 0.5, 0),
                            new Explanation.Term("but", true, -0.1, 0),
                            new Explanation.Term("love", true, 1.5, 0),
                            new Explanation.Term("so", true, 0.2, 0)));
        }

        @Override
        public String version() {
            return "explained";
        }
    }
}
