// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.Comparator;
import java.util.List;

/**
 * Why a text got its score: {@code bias} and the terms add up to the logit, the logarithm of p / (1 - p).
 *
 * @param bias the logit of a text without tokens
 * @param terms what each token added, in the order of the text
 */
public record Explanation(Score score, double bias, List<Term> terms) {
    /**
     * What a token added.
     *
     * @param known whether the vocabulary holds it; all that it does not hold are the same to the model
     * @param logit above 0 for positive
     */
    public record Term(String token, boolean known, double logit) {}

    public Explanation {
        terms = List.copyOf(terms);
    }

    /**
     * The tokens that did most for the sentiment that the score says, the strongest first; none that spoke against it.
     */
    public List<Term> decisive(int most) {
        double side = score.probability() >= 0.5f ? 1 : -1;
        return terms.stream()
                .filter(term -> term.logit * side > 0)
                .sorted(Comparator.comparingDouble(term -> -term.logit * side))
                .limit(most)
                .toList();
    }
}
