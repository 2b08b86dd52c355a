// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.service.WindowAnswer.ByClass;
import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.text.UntrustedText;
import java.util.Locale;

/**
 * A scored tweet as the HTTP API shows it.
 *
 * @param text at most {@value #LONGEST_TEXT} characters, and an ellipsis if there are more
 * @param author empty if unknown
 * @param createdAt ISO 8601
 * @param scoredAt ISO 8601
 * @param sentiment {@code negative}, {@code neutral} or {@code positive}
 */
public record TweetAnswer(
        String id,
        String feed,
        String text,
        String author,
        String createdAt,
        String scoredAt,
        String sentiment,
        ByClass<Float> probabilities,
        String modelVersion) {
    private static final int LONGEST_TEXT = 4_000;

    static TweetAnswer of(ScoredTweet tweet) {
        Probabilities of = tweet.getProbabilities();
        return new TweetAnswer(
                tweet.getId(),
                tweet.getFeed(),
                UntrustedText.shortened(tweet.getText(), LONGEST_TEXT),
                tweet.getAuthor().orElse(""),
                tweet.getCreatedAt().toString(),
                tweet.getScoredAt().toString(),
                tweet.getSentiment().toString().toLowerCase(Locale.ROOT),
                new ByClass<>(of.getNegative(), of.getNeutral(), of.getPositive()),
                tweet.getModelVersion());
    }
}
