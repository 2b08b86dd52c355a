// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exact explanation of a score. {@code polarityBias} plus the polarities of the terms is the logit of the score's
 * polarity p, ln(p / (1 − p)); the same holds for the opinion.
 *
 * @param polarityBias the logit of the polarity of a text without tokens
 * @param opinionBias the logit of the opinion of a text without tokens; infinite for a model of two classes
 * @param terms the contributions of each token, in the order of the text
 */
public record Explanation(Score score, double polarityBias, double opinionBias, List<Term> terms) {
    /**
     * The contributions of one token.
     *
     * @param known whether the vocabulary contains the token; the network treats all unknown tokens alike
     * @param polarity its part of the polarity's logit: above 0 towards positive, below 0 towards negative
     * @param opinion its part of the opinion's logit: above 0 away from neutral, below 0 towards neutral; 0 for a model
     *     of two classes
     */
    public record Term(String token, boolean known, double polarity, double opinion) {
        /** What the token contributes to a class: above 0 if it makes the class more probable. */
        public double towards(SentimentClass sentiment) {
            return switch (sentiment) {
                case POSITIVE -> opinion + polarity;
                case NEGATIVE -> opinion - polarity;
                case NEUTRAL -> -opinion;
            };
        }

        /** The contributions of the same token at two places. */
        private Term plus(Term other) {
            return new Term(token, known, polarity + other.polarity, opinion + other.opinion);
        }
    }

    public Explanation {
        terms = List.copyOf(terms);
    }

    /**
     * The tokens that contributed most to the class of the score, the strongest first. A token that occurs more than
     * once is one term, with the sum of its contributions. Tokens that made the class less probable are left out.
     *
     * @param limit maximum number of tokens
     */
    public List<Term> decisive(int limit) {
        SentimentClass sentiment = score.sentiment();
        return perToken().stream()
                .filter(term -> term.towards(sentiment) > 0)
                .sorted(Comparator.comparingDouble(term -> -term.towards(sentiment)))
                .limit(limit)
                .toList();
    }

    private Collection<Term> perToken() {
        Map<String, Term> sums = new LinkedHashMap<>();
        for (Term term : terms) sums.merge(term.token, term, Term::plus);
        return sums.values();
    }
}
