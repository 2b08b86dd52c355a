// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.List;

/**
 * Scores the sentiment of texts. Implementations are safe for use by many threads.
 *
 * <p>Every text has a score. A text without tokens, such as an empty one, has no outputs to pool, so its logits are the
 * biases of the heads.
 */
public interface Scorer {
    /** Scores a text. */
    Score score(String text);

    /**
     * Scores many texts together, which is faster than one by one. Each score is within 1e-6 of the text's own.
     *
     * @return one score per text, in order
     */
    default List<Score> score(List<String> texts) {
        return texts.stream().map(this::score).toList();
    }

    /**
     * Scores a text and explains the score. The explanation of a scorer that cannot attribute its logits to tokens has
     * no terms, and the whole logits as biases.
     */
    default Explanation explain(String text) {
        Score score = score(text);
        return new Explanation(score, logit(score.polarity()), logit(score.opinion()), List.of());
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    /** The version of the model. */
    String version();
}
