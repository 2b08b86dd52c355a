// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LabelCandidatesTest {
    private final List<ScoredTweet> scored = List.of(
            tweet("sure", "I love this so very much", 0.98f),
            tweet("half", "well that was a match, I suppose", 0.51f),
            tweet("again", "RT @somebody: Well that was a match,  I suppose https://t.co/abc", 0.505f),
            tweet("other", "the trains are late again", 0.45f),
            tweet("third", "not sure what to think of the new coach", 0.6f));

    @Test
    void theLeastCertainTweetsComeFirstWithoutNearDuplicates() {
        assertThat(LabelCandidates.of(scored, id -> false, Optional.empty(), 10))
                .extracting(ScoredTweet::getId)
                .containsExactly("again", "other", "third", "sure");
        assertThat(LabelCandidates.of(scored, id -> false, Optional.empty(), 2))
                .extracting(ScoredTweet::getId)
                .containsExactly("again", "other");
    }

    @Test
    void labelledTweetsAreLeftOut() {
        Set<String> labelled = Set.of("again", "half", Label.idOf("the trains are late again"));
        assertThat(LabelCandidates.of(scored, labelled::contains, Optional.empty(), 10))
                .extracting(ScoredTweet::getId)
                .containsExactly("third", "sure");
    }

    @Test
    void aFeedCanBeSelected() {
        assertThat(LabelCandidates.of(scored, id -> false, Optional.of("another"), 10))
                .isEmpty();
        assertThat(LabelCandidates.of(scored, id -> false, Optional.of("sample"), 1))
                .hasSize(1);
    }

    @Test
    void differentShortTextsAreNoDuplicates() {
        assertThat(LabelCandidates.of(
                        List.of(
                                tweet("1", "no", 0.5f),
                                tweet("2", "yes", 0.5f),
                                tweet("3", "", 0.5f),
                                tweet("4", "NO", 0.5f)),
                        id -> false,
                        Optional.empty(),
                        10))
                .extracting(ScoredTweet::getId)
                .containsExactly("1", "2", "3");
    }

    private static ScoredTweet tweet(String id, String text, float probability) {
        return new ScoredTweet(
                id,
                text,
                "sample",
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                Sentiment.NEGATIVE,
                new Probabilities(1 - probability, 0f, probability),
                "v1-00000000",
                List.of());
    }
}
