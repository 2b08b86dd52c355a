// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.label;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.Probabilities;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class DisagreementTest {
    private static final String ACTIVE = "active-00000000";
    private static final String SHADOW = "shadow-00000000";

    private final List<ScoredTweet> scored = List.of(
            tweet("agreed", "all is well", 0.9f, ACTIVE),
            tweet("unsure", "the coach was replaced", 0.55f, ACTIVE),
            tweet("sure", "my train is late again", 0.95f, ACTIVE),
            tweet("again", "My train is  late again!", 0.8f, ACTIVE),
            tweet("earlier", "an old score of an old model", 0.9f, "earlier-00000000"),
            tweet("alone", "nobody else has seen this", 0.9f, ACTIVE));
    private final List<ScoredTweet> shadowed = List.of(
            tweet("agreed", "all is well", 0.8f, SHADOW),
            tweet("unsure", "the coach was replaced", 0.1f, SHADOW),
            tweet("sure", "my train is late again", 0.1f, SHADOW),
            tweet("again", "My train is  late again!", 0.1f, SHADOW),
            tweet("earlier", "an old score of an old model", 0.1f, SHADOW));

    @Test
    void thoseOfWhichBothAreCertainComeFirstWithoutNearDuplicates() {
        assertThat(of(id -> false, Optional.empty()))
                .extracting(pair -> pair.active().getId())
                .containsExactly("sure", "unsure");
        assertThat(of(id -> false, Optional.empty()).get(0).shadow().getSentiment())
                .isEqualTo(Sentiment.NEGATIVE);
    }

    @Test
    void labelledTweetsAndOtherFeedsAreLeftOut() {
        assertThat(of("sure"::equals, Optional.of("sample")))
                .extracting(pair -> pair.active().getId())
                .containsExactly("again", "unsure");
        assertThat(of(id -> false, Optional.of("another"))).isEmpty();
    }

    private List<Disagreement> of(Predicate<String> hasLabel, Optional<String> feed) {
        return Disagreement.of(scored, ACTIVE, shadowed, SHADOW, hasLabel, feed, 10);
    }

    private static ScoredTweet tweet(String id, String text, float positive, String version) {
        return new ScoredTweet(
                id,
                text,
                "sample",
                null,
                null,
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH,
                positive > 0.5f ? Sentiment.POSITIVE : Sentiment.NEGATIVE,
                new Probabilities(1 - positive, 0f, positive),
                version,
                List.of());
    }
}
