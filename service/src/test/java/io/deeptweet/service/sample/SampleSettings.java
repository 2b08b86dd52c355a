// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.sample;

import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.security.SecuritySettings;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Keys;
import io.deeptweet.service.settings.Setting;
import io.deeptweet.service.settings.TopicSettings;
import io.deeptweet.service.settings.WholeSecondsConverter;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings of every kind that is supported. */
@ConfigMapping(prefix = "deeptweet")
public interface SampleSettings {
    TopicSettings topics();

    SecuritySettings security();

    @Keys(value = "feed", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, Feed> feeds();

    Window window();

    @Setting(value = "Threads that work.", from = "1", to = "999", defaultInWords = "the number of cores")
    Optional<Integer> threads();

    @Setting("Whether tweets are scored.")
    @WithDefault("true")
    boolean scoring();

    @Setting(
            value = "Where others reach this instance.",
            pattern = "[a-z0-9.]+:\\d{1,5}",
            allowed = "a host and a port, such as 10.0.0.7:8091")
    @WithDefault("${NO_SUCH_VARIABLE:localhost}:8091")
    String address();

    @Setting(value = "Significance level of the gate.", above = "0", below = "1", example = "0.05")
    @WithDefault("0.05")
    double level();

    @Setting(value = "Password of the API.", allowed = "8 characters or more", pattern = ".{8,}", secret = true)
    Optional<String> password();

    @Setting(value = "Pin of the API.", pattern = "\\d{4}", allowed = "4 digits", secret = true)
    @WithDefault("1234")
    String pin();

    interface Window {
        @Setting(
                value = "Sizes of the windows.",
                from = "1s",
                allowed = "whole seconds or longer, separated by commas, such as 10s,1m,1h")
        @WithDefault("10s,1m,1h")
        List<@WithConverter(WholeSecondsConverter.class) Duration> sizes();

        @Setting(value = "How long after its end a window takes tweets.", from = "0s", to = "36500d", example = "30s")
        @WithDefault("1d")
        @WithConverter(DurationConverter.class)
        Duration grace();
    }

    /** What a feed's tweets are read from. */
    interface Feed {
        @Setting(value = "The file that is replayed.", allowed = "a file that can be read")
        Path file();

        @Setting("Whether the replay starts again at the end.")
        @WithDefault("once")
        Repeat repeat();

        @Setting(value = "Tweets a second; 0 for as fast as possible.", from = "0", to = "1000000")
        @WithDefault("0")
        double rate();

        @Setting(value = "Name of a column, by what it holds.", allowed = "a column's name")
        @Keys(value = "field", pattern = "id|text", allowed = "id or text")
        Map<String, String> columns();
    }

    enum Repeat {
        ONCE,
        IN_A_LOOP
    }
}
