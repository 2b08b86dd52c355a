// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.schemas.ScoredTweet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DuplicateTopologyTest extends TopologyHarness {
    @Test
    void aTweetThatComesTwiceIsScoredAndCountedOnce() {
        model.swapShadow(Optional.of(new TestScorers.Constant("shadow", 0.25f)));
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON));
        pipe(tweet("1", "election", NOON));
        pipe(tweet("1", "election", NOON.plusSeconds(1), "an edited tweet"));

        assertThat(scoredIds()).containsExactly("1", "2");
        assertThat(shadow.readValuesToList()).hasSize(2);
        assertThat(lastWindows().get("election/PT10S/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(2);
        assertThat(lastDrift().get("election/PT1H/2024-08-15T12:00:00Z").getCount())
                .isEqualTo(2);
        assertThat(observer.duplicates).isEqualTo(2);
        assertThat(observer.rejections).isEmpty();
        assertThat(rejected.isEmpty()).isTrue();
    }

    /** Two feeds may look for different words and find the same tweet. */
    @Test
    void aTweetOfTwoFeedsIsCountedInBoth() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("1", "world-cup", NOON));
        assertThat(scoredIds()).containsExactly("1", "1");
        assertThat(observer.duplicates).isZero();
    }

    @Test
    void aTweetIsForgottenAfterTheWindow() {
        Duration window = DUPLICATES.window();
        pipeAtOnce(tweet("1", "election", NOON), NOW);
        pipeAtOnce(tweet("1", "election", NOON), NOW.plus(window).minusMillis(1));
        assertThat(scoredIds()).containsExactly("1");
        pipeAtOnce(tweet("1", "election", NOON), NOW.plus(window).plus(window.dividedBy(64)));
        assertThat(scoredIds()).containsExactly("1");
    }

    /** The time of writing says nothing about when a tweet comes again. */
    @Test
    void aReplayedTweetIsRememberedLikeALiveOne() {
        pipe(tweet("1", "election", NOON));
        pipe(tweet("2", "election", NOON.plus(Duration.ofDays(10))));
        pipe(tweet("1", "election", NOON));
        assertThat(scoredIds()).containsExactly("1", "2");
    }

    @Test
    void theOldestTweetsAreForgottenBeyondTheLargestNumber() {
        for (int i = 0; i <= DUPLICATES.maxIds(); i++) pipeAtOnce(tweet("" + i, "election", NOON));
        pipeAtOnce(tweet("" + DUPLICATES.maxIds(), "election", NOON));
        assertThat(observer.duplicates).isEqualTo(1);
        pipeAtOnce(tweet("0", "election", NOON));
        assertThat(observer.duplicates).as("forgotten").isEqualTo(1);
    }

    private List<String> scoredIds() {
        return scored.readValuesToList().stream().map(ScoredTweet::getId).toList();
    }
}
