// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.model.score.Scorer;
import io.deeptweet.schemas.ScoredTweet;
import java.util.Optional;

/**
 * The result of scoring a tweet.
 *
 * @param tweet the tweet with the active model's score
 * @param score the same score with its token counts
 * @param scorer what gave the score
 * @param shadow the tweet with the shadow's score; empty if there is no shadow or it failed
 */
public record ScoringResult(ScoredTweet tweet, Score score, Scorer scorer, Optional<ScoredTweet> shadow)
        implements ScoringOutcome {}
