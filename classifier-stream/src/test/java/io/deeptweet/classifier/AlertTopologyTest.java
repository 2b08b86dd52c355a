// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.deeptweet.classifier.alert.Rule;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.AlertState;
import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.serde.AvroSerde;
import io.deeptweet.service.definition.DefinitionChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AlertTopologyTest extends TopologyHarness {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private TestOutputTopic<String, Alert> alerts;
    private int next;

    @BeforeEach
    void open() {
        alerts = output("sentiment.alerts", Alert.class);
        model.swap(new TestScorers.ByText());
    }

    @Test
    void aShareOfNegativeTweetsFiresAndClearsOnce() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.empty(), 0.5, Duration.ZERO);
        tweets("election", NOON, 1, 3);
        tweets("election", NOON.plusSeconds(10), 3, 1);
        tweets("election", NOON.plusSeconds(20), 4, 0);
        List<Alert> fired = alerts.readValuesToList();
        assertThat(fired).hasSize(1);
        assertThat(fired.get(0).getState()).isEqualTo(AlertState.FIRED);
        assertThat(fired.get(0).getFeed()).hasValue("election");
        assertThat(fired.get(0).getWindowStart()).hasValue(NOON.plusSeconds(10));
        assertThat(fired.get(0).getCount()).isEqualTo(3);
        assertThat(fired.get(0).getReason())
                .startsWith("100.0 % of 3 tweets are negative")
                .endsWith("the threshold is 50.0 %");

        tweets("election", NOON.plusSeconds(30), 0, 4);
        assertThat(alerts.readKeyValuesToList()).hasSize(1).allSatisfy(alert -> {
            assertThat(alert.key).isEqualTo("rule/election");
            assertThat(alert.value.getState()).isEqualTo(AlertState.CLEARED);
            assertThat(alert.value.getFiredAt()).isEqualTo(fired.get(0).getFiredAt());
        });
    }

    @Test
    void aWindowWithFewTweetsDecidesNothing() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.empty(), 0.5, Duration.ZERO);
        tweets("election", NOON, 2, 0);
        assertThat(alerts.isEmpty()).isTrue();
    }

    @Test
    void aRuleWatchesItsFeedOnly() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.of("weather"), 0.5, Duration.ZERO);
        tweets("election", NOON, 3, 0);
        tweets("weather", NOON, 3, 0);
        assertThat(alerts.readValuesToList())
                .extracting(alert -> alert.getFeed().orElse(""))
                .containsExactly("weather");
    }

    @Test
    void theConditionMustHoldForItsDurationByTheTimeOfTheTweets() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.empty(), 0.5, Duration.ofSeconds(15));
        tweets("election", NOON, 3, 0);
        tweets("election", NOON.plusSeconds(10), 3, 0);
        assertThat(alerts.isEmpty()).isTrue();
        tweets("election", NOON.plusSeconds(20), 3, 0);
        assertThat(alerts.readValuesToList()).extracting(Alert::getAt).containsExactly(NOON.plusSeconds(20));
    }

    @Test
    void aLateTweetOfAnEarlierWindowDecidesNothing() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.empty(), 0.5, Duration.ZERO);
        tweets("election", NOON.plusSeconds(10), 0, 3);
        tweets("election", NOON, 5, 0);
        assertThat(alerts.isEmpty()).isTrue();
    }

    @Test
    void aRiseIsMeasuredAgainstAnEarlierWindow() {
        rule(AlertCondition.NEGATIVE_SHARE_CHANGE, Optional.empty(), 0.4, Duration.ZERO);
        tweets("election", NOON, 1, 3);
        tweets("election", NOON.plusSeconds(10), 2, 2);
        assertThat(alerts.isEmpty()).as("no window is 20 s earlier").isTrue();
        tweets("election", NOON.plusSeconds(20), 3, 1);
        List<Alert> fired = alerts.readValuesToList();
        assertThat(fired).hasSize(1);
        assertThat(fired.get(0).getReason()).contains("25.0 % of 4 were 20s before");
    }

    @Test
    void aVolumeIsComparedWithTheSameHourOfEarlierDays() {
        rule(AlertCondition.VOLUME, Optional.empty(), 6, Duration.ZERO); // the windows in between have no tweets
        for (int day = 0; day < 4; day++)
            for (int window = 0; window < 3; window++)
                tweets("election", NOON.plus(Duration.ofDays(day)).plusSeconds(10L * window), 0, 4);
        assertThat(alerts.isEmpty()).as("a usual volume").isTrue();
        Instant later = NOON.plus(Duration.ofDays(4));
        tweets("election", later, 0, 40);
        assertThat(alerts.isEmpty()).as("the window has not ended").isTrue();
        tweets("election", later.plusSeconds(10), 0, 4);
        tweets("election", later.plusSeconds(20), 0, 4);
        List<Alert> told = alerts.readValuesToList();
        assertThat(told).extracting(Alert::getState).containsExactly(AlertState.FIRED, AlertState.CLEARED);
        assertThat(told.get(0).getReason()).startsWith("40 tweets, where ");
        assertThat(told.get(0).getValue())
                .hasValueSatisfying(value -> assertThat(value).isGreaterThan(6));
    }

    @Test
    void aFeedWithoutTweetsIsSilentUntilOneComes() {
        rule(AlertCondition.SILENCE, Optional.of("election"), 0, Duration.ofMinutes(1));
        tweets("election", NOON, 0, 1);
        driver.advanceWallClockTime(Duration.ofSeconds(59));
        assertThat(alerts.isEmpty()).isTrue();
        driver.advanceWallClockTime(Duration.ofSeconds(2));
        driver.advanceWallClockTime(Duration.ofHours(1));
        assertThat(alerts.readValuesToList()).extracting(Alert::getState).containsExactly(AlertState.FIRED);
        tweets("election", NOON.plusSeconds(10), 0, 1);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(alerts.readValuesToList()).extracting(Alert::getState).containsExactly(AlertState.CLEARED);
    }

    @Test
    void aLagFiresWithoutAFeed() {
        rule(AlertCondition.LAG, Optional.empty(), 1_000, Duration.ZERO);
        lag = OptionalLong.of(1_500);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        lag = OptionalLong.of(3);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        lag = OptionalLong.empty();
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(alerts.readKeyValuesToList())
                .extracting(alert -> alert.key, alert -> alert.value.getReason())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "rule", "1500 records of tweets.raw wait; the threshold is 1000"),
                        org.assertj.core.groups.Tuple.tuple(
                                "rule", "3 records of tweets.raw wait; the threshold is 1000"));
    }

    @Test
    void aWithheldOrRolledBackModelFiresAndAnActivatedOneClears() {
        rule(AlertCondition.MODEL, Optional.empty(), 0, Duration.ZERO);
        TestInputTopic<String, byte[]> audit =
                driver.createInputTopic("sentiment.audit", new StringSerializer(), new ByteArraySerializer());
        audit.pipeInput("nonsense", new byte[] {1, 2, 3});
        audit.pipeInput("none", done("withheld", null));
        audit.pipeInput("one", done("shadow-set", "one"));
        assertThat(alerts.isEmpty()).as("none of these is alarming").isTrue();
        audit.pipeInput("one", done("withheld", "one"));
        audit.pipeInput("two", done("withheld", "two"));
        audit.pipeInput("three", done("activated", "three"));
        audit.pipeInput("two", done("rolled-back", "two"));
        assertThat(alerts.readValuesToList())
                .extracting(Alert::getReason)
                .containsExactly(
                        "withheld: one, by round 3, no gain",
                        "activated: three, by round 3, no gain",
                        "rolled-back: two, by round 3, no gain");
    }

    @Test
    void anAuditRecordOfAnySizeMakesAnAlertThatFitsOnItsTopic() {
        rule(AlertCondition.MODEL, Optional.empty(), 0, Duration.ZERO);
        TestInputTopic<String, byte[]> audit =
                driver.createInputTopic("sentiment.audit", new StringSerializer(), new ByteArraySerializer());
        String large = "\u0001".repeat(300_000);
        audit.pipeInput("large", audited(new AuditRecord(NOON, "withheld", large, null, null, "http", large, large)));
        assertThat(alerts.readValue().getReason()).startsWith("withheld: ").hasSizeLessThan(2_000);
    }

    @Test
    void anAuditRecordOfTheFarFutureSuppressesNoLaterAlert() {
        rule(AlertCondition.MODEL, Optional.empty(), 0, Duration.ZERO);
        TestInputTopic<String, byte[]> audit =
                driver.createInputTopic("sentiment.audit", new StringSerializer(), new ByteArraySerializer());
        Instant future = Instant.ofEpochMilli(Long.MAX_VALUE);
        audit.pipeInput("v", audited(new AuditRecord(future, "withheld", "v", null, null, "http", "ada", "")));
        audit.pipeInput("v", audited(new AuditRecord(future, "published", "v", null, null, "http", "ada", "")));
        Instant past = Instant.ofEpochMilli(Long.MIN_VALUE);
        audit.pipeInput("v", audited(new AuditRecord(past, "withheld", "v", null, null, "http", "ada", "")));
        driver.advanceWallClockTime(Duration.ofHours(1));
        Instant now = NOW.plus(Duration.ofHours(1));
        audit.pipeInput("v", audited(new AuditRecord(now, "withheld", "v", null, null, "http", "ada", "")));
        assertThat(alerts.readValuesToList()).last().extracting(Alert::getState).isEqualTo(AlertState.FIRED);
    }

    @Test
    void anAlertOfAChangedOrRemovedRuleClears() {
        rule(AlertCondition.NEGATIVE_SHARE, Optional.empty(), 0.5, Duration.ZERO);
        tweets("election", NOON, 3, 0);
        rules.apply(new DefinitionChange.Removed<>("rule"));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        List<Alert> told = alerts.readValuesToList();
        assertThat(told).extracting(Alert::getState).containsExactly(AlertState.FIRED, AlertState.CLEARED);
        assertThat(told.get(1).getReason()).isEqualTo("the rule was changed or removed");
        assertThat(told.get(1).getCondition()).isEqualTo(AlertCondition.NEGATIVE_SHARE);
    }

    private void rule(AlertCondition condition, Optional<String> feed, double threshold, Duration duration) {
        Rule rule = new Rule(
                "rule",
                feed,
                condition,
                WINDOW,
                threshold,
                condition == AlertCondition.NEGATIVE_SHARE_CHANGE ? Duration.ofSeconds(20) : Duration.ZERO,
                3,
                duration,
                Duration.ZERO);
        rules.apply(new DefinitionChange.Defined<>("rule", rule.record(NOW)));
    }

    private void tweets(String feed, Instant start, int negative, int positive) {
        for (int i = 0; i < negative + positive; i++)
            pipe(tweet("tweet-" + next++, feed, start, i < negative ? "bad" : "good"));
    }

    private byte[] done(String action, String version) {
        return audited(new AuditRecord(NOON, action, version, "before", null, "round", "round 3", "no gain"));
    }

    private byte[] audited(AuditRecord record) {
        return AvroSerde.of(AuditRecord.class, ids).serializer().serialize("sentiment.audit", record);
    }
}
