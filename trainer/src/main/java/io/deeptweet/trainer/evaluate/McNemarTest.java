// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * McNemar's test of whether a candidate is better than the active model on the same texts: one-sided, with the mid-p
 * value, which keeps the level in practice and has more power than the exact test.
 *
 * @param texts their number, at least one
 * @param activeRight texts that the active model classifies right
 * @param candidateRight texts that the candidate classifies right
 * @param gained texts that only the candidate classifies right
 * @param lost texts that only the active model classifies right
 * @see <a href="https://doi.org/10.1186/1471-2288-13-91">Fagerland, Lydersen and Laake: The McNemar test for binary
 *     matched-pairs data, 2013</a>
 */
public record McNemarTest(int texts, int activeRight, int candidateRight, int gained, int lost) {
    public McNemarTest {
        if (texts < 1
                || gained < 0
                || lost < 0
                || candidateRight - activeRight != gained - lost
                || Math.max(activeRight, candidateRight) > texts)
            throw new IllegalArgumentException("no two models can be right on " + activeRight + " and " + candidateRight
                    + " of " + texts + " texts with " + gained + " gained and " + lost + " lost");
    }

    /** Compares two models' scores of the same texts, in the same order. */
    public static McNemarTest of(List<ScoredText> active, List<ScoredText> candidate) {
        return ofRight(
                active.stream().map(ScoredText::right).toList(),
                candidate.stream().map(ScoredText::right).toList());
    }

    /** Compares which texts two models classify right, in the same order. */
    public static McNemarTest ofRight(List<Boolean> active, List<Boolean> candidate) {
        int before = 0;
        int after = 0;
        int gained = 0;
        int lost = 0;
        for (int i = 0; i < active.size(); i++) {
            boolean was = active.get(i);
            boolean is = candidate.get(i);
            if (was) before++;
            if (is) after++;
            if (is && !was) gained++;
            if (was && !is) lost++;
        }
        return new McNemarTest(active.size(), before, after, gained, lost);
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double activeAccuracy() {
        return (double) activeRight / texts;
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double candidateAccuracy() {
        return (double) candidateRight / texts;
    }

    /**
     * The one-sided mid-p value: P(X &gt; gained) + P(X = gained) / 2, where X has the binomial distribution of gained
     * + lost trials with probability one half. A small value means that the gain is hardly chance.
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public double p() {
        int n = gained + lost;
        double above = 0;
        double log = -n * Math.log(2); // of P(X = n), and then downwards
        for (int k = n; k > gained; k--) {
            above += Math.exp(log);
            log += Math.log((double) k / (n - k + 1));
        }
        return Math.min(1, above + Math.exp(log) / 2);
    }
}
