// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Keys;
import io.deeptweet.service.settings.Setting;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** When to alert, and whom to tell. */
public interface AlertSettings {
    @Keys(value = "rule", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, RuleSettings> rules();

    @Keys(value = "webhook", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, Webhook> webhooks();

    @Setting(
            value = "Address of the dashboard, for the links in webhooks; without it they have no link.",
            pattern = "https?://[^\\s<>|@]+",
            allowed = "an address such as https://sentiment.example.org, without a user and a password")
    Optional<String> dashboardUrl();

    /** One rule. */
    interface RuleSettings {
        @Setting(
                value = "Feed that the rule watches; without it, each feed.",
                pattern = TweetLimits.FEED_NAME_PATTERN,
                allowed = TweetLimits.FEED_NAME_IN_WORDS)
        Optional<String> feed();

        @Setting("What the rule looks at: the share of negative tweets in a window; its rise against an earlier window;"
                + " how far the number of tweets is from that of the same hour on earlier days; no tweets; drift; the"
                + " records that wait; a model that was withheld.")
        AlertCondition condition();

        @Setting(
                value = "Size of the windows, one of `deeptweet.window.sizes`.",
                from = "1s",
                to = "36500d",
                defaultInWords = "`1m`, `1h` for `volume`")
        @WithConverter(DurationConverter.class)
        Optional<Duration> window();

        @Setting(
                value = "From which value on the condition holds: a share, a rise of a share, a number of standard"
                        + " deviations, or a number of records.",
                from = "0",
                to = "1000000000000000",
                defaultInWords = "3 for `volume`; required for shares and `lag`")
        Optional<Double> threshold();

        @Setting(
                value = "For `negative-share-change`: how long before is the window to compare with, at most as long as"
                        + " windows are kept.",
                from = "1s",
                to = "30d",
                defaultInWords = "`1h`")
        @WithConverter(DurationConverter.class)
        Optional<Duration> against();

        @Setting(
                value = "A window with fewer tweets decides nothing.",
                from = "0",
                to = "1000000000000",
                defaultInWords = "20")
        Optional<Long> minimumCount();

        @Setting(
                value = "How long the condition must hold until the alert fires, and not hold until it clears; for"
                        + " `silence`, how long without tweets.",
                from = "0s",
                to = "30d",
                defaultInWords = "`0s`, `10m` for `silence`")
        @WithConverter(DurationConverter.class)
        Optional<Duration> duration();

        @Setting(
                value = "How long after it has cleared the alert does not fire again.",
                from = "0s",
                to = "30d",
                defaultInWords = "`10m`")
        @WithConverter(DurationConverter.class)
        Optional<Duration> coolDown();
    }

    /** Where alerts are sent to. */
    interface Webhook {
        @Setting(
                value = "Address that each alert is posted to. Slack's contain a secret: give it in the environment.",
                pattern = "https?://\\S+",
                allowed = "an address such as https://example.org/alerts",
                secret = true)
        String url();

        @Setting("Form of the body: `json`, or `slack` for Slack's incoming webhooks.")
        @WithDefault("json")
        WebhookFormat format();

        @Setting(
                value = "Secret that signs each request as Standard Webhooks defines it, for the environment only;"
                        + " after `whsec_` it is base64. Without it, requests are not signed.",
                pattern = "[!-~]{16,512}",
                allowed = "16 to 512 printable ASCII characters without spaces",
                secret = true)
        Optional<String> secret();

        @Setting(
                value = "How long after it happened an alert that cannot be delivered is given up.",
                from = "1s",
                to = "30d")
        @WithConverter(DurationConverter.class)
        @WithDefault("1d")
        Duration giveUpAfter();
    }

    /** Form of a webhook's body. */
    enum WebhookFormat {
        JSON,
        SLACK
    }
}
