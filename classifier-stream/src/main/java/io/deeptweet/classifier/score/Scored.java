// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.score;

import io.deeptweet.model.score.Score;
import io.deeptweet.schemas.ScoredTweet;
import java.util.Optional;

/**
 * A tweet as it was scored.
 *
 * @param tweet with the active model's score
 * @param score the same score, which also tells of tokens
 * @param shadow the tweet with the shadow's score; empty if there is no shadow, or if it failed
 */
public record Scored(ScoredTweet tweet, Score score, Optional<ScoredTweet> shadow) {}
