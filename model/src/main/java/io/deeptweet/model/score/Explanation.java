// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.Comparator;
import java.util.List;

/**
 * An exact explanation of a score: {@code bias} plus the logits of the terms is the logit of the probability p, ln(p /
 * (1 − p)).
 *
 * @param bias the logit of a text without tokens
 * @param terms the contribution of each token, in the order of the text
 */
public record Explanation(Score score, double bias, List<Term> terms) {
    /**
     * The contribution of one token.
     *
     * @param known whether the vocabulary contains the token; the network treats all unknown tokens alike
     * @param logit above 0 if the token makes the text more positive, below 0 if more negative
     */
    public record Term(String token, boolean known, double logit) {}

    public Explanation {
        terms = List.copyOf(terms);
    }

    /**
     * The tokens that contributed most to the sentiment of the score, the strongest first. Tokens that contributed to
     * the other sentiment are left out.
     *
     * @param limit maximum number of tokens
     */
    public List<Term> decisive(int limit) {
        double side = score.probability() >= 0.5f ? 1 : -1;
        return terms.stream()
                .filter(term -> term.logit * side > 0)
                .sorted(Comparator.comparingDouble(term -> -term.logit * side))
                .limit(limit)
                .toList();
    }
}
