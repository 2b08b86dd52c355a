// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;

/**
 * Does not look at texts: every one is as positive as not. What the stream costs without scoring is measured with it.
 */
public record Unscored() implements Scorer {
    private static final String VERSION = "unscored";
    private static final Score SCORE = new Score(0.5f, VERSION);

    @Override
    public Score score(String text) {
        return SCORE;
    }

    @Override
    public String version() {
        return VERSION;
    }
}
