// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.AlertRule;
import io.deeptweet.service.definition.DefinitionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static Rule withThreshold(double threshold) {
        return rule("angry", Optional.empty(), AlertCondition.NEGATIVE_SHARE, MINUTE, threshold);
    }

    private static Rule rule(
            String name, Optional<String> feed, AlertCondition condition, Duration window, double threshold) {
        return new Rule(
                name,
                feed,
                condition,
                window,
                threshold,
                Duration.ofHours(1),
                20,
                Duration.ZERO,
                Duration.ofMinutes(10));
    }

    @Test
    void aValueThatCannotBeUsedIsNamed() {
        assertThatThrownBy(() -> withThreshold(1.5))
                .isInstanceOf(Rule.InvalidException.class)
                .hasMessage("threshold is 1.5: use a share above 0 and up to 1");
        assertThatThrownBy(() -> withThreshold(0)).hasMessageStartingWith("threshold is 0 or missing: use a share");
        assertThatThrownBy(() -> withThreshold(Double.NaN)).hasMessageContaining("threshold is NaN");
        assertThatThrownBy(() -> rule("A b", Optional.empty(), AlertCondition.DRIFT, Duration.ZERO, 0))
                .hasMessageStartingWith("name is \"A b\": use");
        assertThatThrownBy(() -> rule("lag", Optional.of("election"), AlertCondition.LAG, Duration.ZERO, 1))
                .hasMessage("feed is election: use no feed: lag is about none");
        assertThatThrownBy(() -> rule(
                        "change", Optional.empty(), AlertCondition.NEGATIVE_SHARE_CHANGE, Duration.ofMinutes(7), 0.1))
                .hasMessage("against is PT1H: use a multiple of the window, such as 1h");
    }

    @Test
    void numbersThatCannotBeComputedWithAreNamedToo() {
        assertThatThrownBy(() -> change(Duration.ofNanos(100), Duration.ofHours(1)))
                .hasMessageStartingWith("window is PT0.0000001S: use");
        assertThatThrownBy(() -> change(MINUTE, Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageEndingWith(": use 0s to 30d");
        assertThatThrownBy(() -> change(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofHours(1)))
                .hasMessageStartingWith("window is ");
        for (double threshold : new double[] {Double.POSITIVE_INFINITY, Double.NaN, -5})
            assertThatThrownBy(() -> rule("drift", Optional.empty(), AlertCondition.DRIFT, Duration.ZERO, threshold))
                    .hasMessage("threshold is " + threshold + ": use a number, 0 or more");
    }

    private static Rule change(Duration window, Duration against) {
        return new Rule(
                "change",
                Optional.empty(),
                AlertCondition.NEGATIVE_SHARE_CHANGE,
                window,
                0.1,
                against,
                20,
                Duration.ZERO,
                Duration.ZERO);
    }

    @Test
    void aRuleIsTheSameAfterItWasWritten() {
        Rule rule = withThreshold(0.5);
        assertThat(Rule.of(rule.record(Instant.EPOCH))).isEqualTo(rule);
    }

    @Test
    void aRuleOfTheTopicThatCannotBeUsedIsLeftOut() {
        Rules rules = new Rules(List.of(), Set.of(MINUTE));
        rules.apply(new DefinitionChange.Defined<>("angry", withThreshold(0.5).record(Instant.EPOCH)));
        assertThat(rules.all()).extracting(Rule::threshold).containsExactly(0.5);

        AlertRule other = AlertRule.newBuilder(withThreshold(0.5).record(Instant.EPOCH))
                .setThreshold(7)
                .build();
        rules.apply(new DefinitionChange.Defined<>("angry", other));
        assertThat(rules.all()).isEmpty();

        rules.apply(new DefinitionChange.Defined<>("angry", withThreshold(0.5).record(Instant.EPOCH)));
        rules.apply(new DefinitionChange.Unreadable<>("angry", "sentiment.alert-rules@3 cannot be read"));
        assertThat(rules.all()).isEmpty();

        rules.apply(new DefinitionChange.Defined<>("angry", withThreshold(0.5).record(Instant.EPOCH)));
        rules.apply(new DefinitionChange.Removed<>("angry"));
        assertThat(rules.all()).isEmpty();
    }

    @Test
    void theTopicCannotReplaceARuleOfTheSettings() {
        Rules rules = new Rules(List.of(withThreshold(0.4)), Set.of(MINUTE));
        rules.apply(new DefinitionChange.Defined<>("angry", withThreshold(0.9).record(Instant.EPOCH)));
        rules.apply(new DefinitionChange.Removed<>("angry"));
        assertThat(rules.all()).extracting(Rule::threshold).containsExactly(0.4);
    }

    @Test
    void windowsThatAreNotCountedCannotBeLookedAt() {
        Rules rules = new Rules(List.of(), Set.of(Duration.ofSeconds(10), Duration.ofHours(1)));
        assertThatThrownBy(() -> rules.requirePossible(withThreshold(0.4)))
                .hasMessage("window is PT1M: use one of PT10S, PT1H");
    }
}
