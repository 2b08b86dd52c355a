// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.trainer.check.BehaviouralTest.Case;
import io.deeptweet.trainer.check.BehaviouralTest.Variant;
import io.deeptweet.trainer.check.TestResult.Failure;
import io.deeptweet.trainer.evaluate.McNemarTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs behavioural tests with a model. */
public final class ModelCheck {
    private final Scorer scorer;
    private final double mostFailures;
    private final int mostExamples;

    /**
     * @param mostFailures largest share of failed cases with which a test passes that does not say another, in [0, 1]
     * @param mostExamples failures that are kept of each test
     */
    public ModelCheck(Scorer scorer, double mostFailures, int mostExamples) {
        this.scorer = scorer;
        this.mostFailures = mostFailures;
        this.mostExamples = mostExamples;
    }

    /**
     * Compares a candidate with the active model on the cases of tests: a case is right if it does not fail.
     *
     * @param tests at least one
     */
    public static McNemarTest compared(List<BehaviouralTest> tests, Scorer active, Scorer candidate) {
        return McNemarTest.ofRight(right(tests, active), right(tests, candidate));
    }

    private static List<Boolean> right(List<BehaviouralTest> tests, Scorer scorer) {
        ModelCheck check = new ModelCheck(scorer, 1, 0);
        return tests.stream()
                .flatMap(test -> test.cases().stream()
                        .map(sentences -> check.failure(sentences, test.expectation(), new TreeMap<>())
                                .isEmpty()))
                .toList();
    }

    /** Runs a test. */
    public TestResult run(BehaviouralTest test) {
        List<Failure> examples = new ArrayList<>();
        Map<String, List<Double>> groups = new TreeMap<>();
        int failed = 0;
        for (Case sentences : test.cases()) {
            Optional<Failure> failure = failure(sentences, test.expectation(), groups);
            if (failure.isEmpty()) continue;
            failed++;
            if (examples.size() < mostExamples) examples.add(failure.get());
        }
        double most = test.mostFailures().orElse(mostFailures);
        return new TestResult(
                test.name(),
                test.capability(),
                test.expectation().kind(),
                test.expectation().inWords(),
                test.cases().size(),
                failed,
                most,
                failed <= most * test.cases().size(),
                examples,
                means(groups));
    }

    private Optional<Failure> failure(Case sentences, Expectation expectation, Map<String, List<Double>> groups) {
        Score before = score(sentences.text(), groups);
        if (expectation instanceof Expectation.Label label)
            return label.holds(before)
                    ? Optional.empty()
                    : Optional.of(new Failure(sentences.text().text(), inWords(before), "", ""));
        Optional<Failure> first = Optional.empty();
        for (Variant variant : sentences.variants()) {
            Score after = score(variant, groups);
            boolean holds = expectation instanceof Expectation.Direction direction
                    ? direction.holds(before, after)
                    : ((Expectation.SameClass) expectation).holds(before, after);
            if (!holds && first.isEmpty())
                first = Optional.of(
                        new Failure(sentences.text().text(), inWords(before), variant.text(), inWords(after)));
        }
        return first;
    }

    private Score score(Variant sentence, Map<String, List<Double>> groups) {
        Score score = scorer.score(sentence.text());
        if (!sentence.group().isEmpty())
            groups.computeIfAbsent(sentence.group(), group -> new ArrayList<>()).add((double) score.positive());
        return score;
    }

    private static Map<String, Double> means(Map<String, List<Double>> groups) {
        return groups.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        group -> group.getValue().stream()
                                .mapToDouble(probability -> probability)
                                .average()
                                .orElseThrow(),
                        (one, other) -> one,
                        TreeMap::new));
    }

    private static String inWords(Score score) {
        return String.format(Locale.ROOT, "%s %.2f", score.sentiment().label(), score.of(score.sentiment()));
    }
}
