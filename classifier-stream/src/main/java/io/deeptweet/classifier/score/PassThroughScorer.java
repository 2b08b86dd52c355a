// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;

/** Always 0.5, without reading the text: measures what the pipeline costs without scoring. */
public record PassThroughScorer() implements Scorer {
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
