// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.check;

import java.util.List;
import java.util.Map;

/**
 * What a model did with a behavioural test.
 *
 * @param kind as {@link Expectation#kind}
 * @param expected as {@link Expectation#inWords}
 * @param cases number of cases
 * @param failed number of cases that failed
 * @param mostFailures largest share of failed cases with which the test passes
 * @param passed whether no larger share failed
 * @param examples of failures
 * @param groups mean probability that the sentences are positive, by the group of the word that is varied; empty if the
 *     words have no groups
 */
public record TestResult(
        String name,
        String capability,
        String kind,
        String expected,
        int cases,
        int failed,
        double mostFailures,
        boolean passed,
        List<Failure> examples,
        Map<String, Double> groups) {
    /**
     * A case that failed.
     *
     * @param text the sentence
     * @param result its class and probabilities, such as {@code negative 0.82}
     * @param variant the changed sentence; empty if there is none
     * @param variantResult its class; empty if there is none
     */
    public record Failure(String text, String result, String variant, String variantResult) {}

    public TestResult {
        examples = List.copyOf(examples);
    }

    /** The share of the cases that failed, in [0, 1]. */
    public double failureRate() {
        return (double) failed / cases;
    }

    /** The largest difference between two groups' means; 0 without groups. */
    public double gap() {
        double most = groups.values().stream().mapToDouble(mean -> mean).max().orElse(0);
        return most - groups.values().stream().mapToDouble(mean -> mean).min().orElse(0);
    }
}
