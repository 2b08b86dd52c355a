// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import java.util.List;

/**
 * Says how positive texts are. An implementation is immutable to its callers and safe for use by many threads.
 *
 * <p>Every text has a score. One in which no token is found (an empty one, or nothing but spaces and a retweet's
 * prefix) has no unit to pool, so its logit is the dense layer's bias alone, the constant part of every other logit.
 */
public interface Scorer {
    /** How positive that text is. */
    Score score(String text);

    /**
     * The scores of many texts, in their order: what each has by itself, to some 1e-6, sooner than one after the other.
     */
    default List<Score> score(List<String> texts) {
        return texts.stream().map(this::score).toList();
    }

    /** Why it is; a scorer that cannot tell tokens apart leaves the whole logit to the bias. */
    default Explanation explain(String text) {
        Score score = score(text);
        double p = score.probability();
        return new Explanation(score, Math.log(p / (1 - p)), List.of());
    }

    /** The version of the model that scores. */
    String version();
}
