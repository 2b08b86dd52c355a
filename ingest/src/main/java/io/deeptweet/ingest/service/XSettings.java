// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Setting;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** A source of X. */
public interface XSettings {
    @Setting("Whether to follow the filtered `stream`, or to `search` for recent posts at intervals.")
    @WithDefault("stream")
    Mode mode();

    @Setting(
            value = "Which posts X sends and charges for, in X's own language.",
            allowed = "a rule such as (apple OR pear) lang:en -is:retweet",
            defaultInWords = "the rules of the feeds")
    Optional<String> rule();

    @Setting("Whether X sends the posts that others refer to, for the whole text of reposts, and the names of"
            + " authors; X may charge for each.")
    @WithDefault("true")
    boolean expand();

    @Setting(value = "Time between two searches.", from = "1s", to = "1d")
    @WithDefault("1m")
    @WithConverter(DurationConverter.class)
    Duration interval();

    @Setting(
            value = "How far back posts that were missed are searched and paid for; older ones are lost.",
            from = "0s",
            to = "6d")
    @WithDefault("1d")
    @WithConverter(DurationConverter.class)
    Duration fill();

    @Setting(
            value = "Minutes that the stream repeats after an interruption; only some contracts with X include it.",
            from = "0",
            to = "5")
    @WithDefault("0")
    int backfillMinutes();

    @Setting(value = "Price of a post in US dollars; compare it with your contract.", from = "0", to = "1000")
    @WithDefault("0.005")
    double pricePerPost();

    @Setting(value = "Price of an author in US dollars; compare it with your contract.", from = "0", to = "1000")
    @WithDefault("0.01")
    double pricePerUser();

    @Setting(
            value = "Most US dollars for posts and authors in a month of UTC; then X is not asked for posts until the"
                    + " next month.",
            from = "0",
            to = "1000000000")
    @WithDefault("50")
    double monthlyCost();

    /** How posts of X are received. */
    enum Mode {
        STREAM,
        SEARCH
    }
}
