// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.progress.LostOffsets;
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

/** The classifier's settings. */
@ConfigMapping(prefix = "deeptweet")
public interface ClassifierSettings {
    TopicSettings topics();

    SecuritySettings security();

    Models models();

    Window window();

    @Keys(value = "feed", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, Feed> feeds();

    Drift drift();

    AlertSettings alerts();

    Deduplication deduplication();

    Faults faults();

    @Setting("What to do if the group's offsets on `tweets.raw`, or the records at them, are gone: `stop`; go on at the"
            + " `recorded` progress, or at the earliest record behind it; or process again from the"
            + " `earliest` record on.")
    @WithDefault("stop")
    LostOffsets lostOffsets();

    @Setting(
            value = "Name of the consumer group and prefix of the internal topics; instances with the same id share the"
                    + " work.",
            pattern = "[A-Za-z0-9._-]{1,200}",
            allowed = "1 to 200 letters, digits, '.', '_' and '-'")
    @WithDefault("deeptweet-classifier")
    String applicationId();

    @Setting(
            value = "Stream threads of this instance; more than there are partitions do nothing.",
            from = "1",
            to = "999",
            defaultInWords = "the number of cores")
    Optional<Integer> threads();

    @Setting(
            value = "Folder of the window stores; if it is lost, they are restored from Kafka.",
            allowed = "a folder that can be written to")
    @WithDefault(".deeptweet/classifier")
    Path stateDir();

    @Setting("Whether tweets are scored; with `false` each gets probability 0.5 and version `unscored`, to measure what"
            + " scoring costs.")
    @WithDefault("true")
    boolean scoring();

    @Setting(
            value = "Share of 200 tweets in a row that the active model may fail to score; after more, the model before"
                    + " it scores again, until a model is activated. With 1 it never does.",
            from = "0",
            to = "1")
    @WithDefault("0.1")
    double failedShare();

    @Setting(
            value = "Host and port at which others reach this instance over HTTP; `/status` of every instance lists all"
                    + " of them.",
            pattern = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([1-9]\\d{0,4})",
            allowed = "a host and a port, such as 10.0.0.7:8091")
    @WithDefault("${HOSTNAME:localhost}:${quarkus.http.port}")
    String address();

    @Setting(
            value = "Host and port of the trainer, for the dashboard's pages of models and labels; without it, these"
                    + " pages show nothing.",
            pattern = "(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([1-9]\\d{0,4})",
            allowed = "a host and a port, such as 10.0.0.8:8092")
    Optional<String> trainer();

    /** Signed models. */
    interface Models {
        @Setting(
                value = "Ed25519 public keys in PEM, one or more in a file; then models and activations without a"
                        + " signature of one of them are ignored.",
                allowed = "a file with public keys in PEM")
        Optional<Path> publicKeys();
    }

    /** The windows. */
    interface Window {
        String HOPPING_IN_WORDS = "sizes and advances in whole seconds, separated by commas, such as 30m/5m, where the"
                + " size is 2 to 60 times the advance and not that of another window";

        @Setting(
                value = "Sizes of the tumbling windows.",
                from = "1s",
                to = "36500d",
                allowed = "whole seconds or longer, separated by commas, such as 10s,1m,1h")
        @WithDefault("10s,1m,1h")
        List<@WithConverter(WholeSecondsConverter.class) Duration> sizes();

        @Setting(
                value = "Hopping windows beside the tumbling ones, as size and advance: a window of the size starts"
                        + " every advance. None has the size of another window.",
                pattern = "[^/,]+/[^/,]+",
                allowed = HOPPING_IN_WORDS)
        Optional<List<String>> hopping();

        @Setting(
                value = "Time after its end during which a window accepts tweets, by event time; a replay of history"
                        + " needs at least the time that it spans.",
                from = "0s",
                to = "36500d",
                allowed = "zero or longer, such as 30s, at most 36500d")
        @WithConverter(DurationConverter.class)
        @WithDefault("1d")
        Duration grace();

        @Setting(
                value = "How long a closed window can be queried over HTTP, by event time; windows are kept in"
                        + " `deeptweet.state-dir`.",
                from = "0s",
                to = "36500d",
                allowed = "zero or longer, such as 2d, at most 36500d")
        @WithConverter(DurationConverter.class)
        @WithDefault("2d")
        Duration retention();

        @Setting(
                value = "How many tweets of a feed each thread explains within 100 ms, and ten times as many of all"
                        + " feeds together: windows have words and examples of these tweets. 0 for none.",
                from = "0",
                to = "1000")
        @WithDefault("10")
        int explainedTweets();

        @Setting(
                value = "Partitions of the internal topics by feed, among which feeds are divided; cannot change"
                        + " once the application has started, and needs not change with `tweets.raw`.",
                from = "1",
                to = "1000")
        @WithDefault("4")
        int partitions();
    }

    /** Tweets that come again. */
    interface Deduplication {
        @Setting(
                value = "How long a tweet is remembered; one of the same feed and id that is appended to `tweets.raw`"
                        + " meanwhile is dropped. Zero turns deduplication off.",
                from = "0s",
                to = "30d",
                allowed = "zero or longer, such as 1h, at most 30d")
        @WithConverter(DurationConverter.class)
        @WithDefault("1h")
        Duration window();

        @Setting(
                value = "How many tweets of each partition are remembered at most; each takes about 40 bytes of heap.",
                from = "1",
                to = "50000000")
        @WithDefault("250000")
        int maxIds();
    }

    /** Faults of the stream after which it tries again. */
    interface Faults {
        @Setting(
                value = "How many faults within `deeptweet.faults.window` the stream tries to recover from; after one"
                        + " more, the process ends with exit code 75. A broker or registry that does not answer does"
                        + " not count.",
                from = "0",
                to = "1000000")
        @WithDefault("10")
        int limit();

        @Setting(
                value = "The time within which faults count together.",
                from = "1s",
                to = "36500d",
                allowed = "a second or longer, such as 10m")
        @WithConverter(DurationConverter.class)
        @WithDefault("10m")
        Duration window();
    }

    /** One feed. */
    interface Feed {
        @Setting(
                value = "How many of the words with the largest contribution to its score each scored tweet of the feed"
                        + " carries.",
                from = "0",
                to = "20")
        @WithDefault("0")
        int strongestWords();
    }

    /** How far a feed's tweets are from those that the model was evaluated on. */
    interface Drift {
        @Setting(
                value = "Size of the tumbling windows in which the drift of each feed is measured.",
                from = "1s",
                to = "36500d",
                allowed = "whole seconds or longer, such as 1h")
        @WithConverter(WholeSecondsConverter.class)
        @WithDefault("1h")
        Duration window();

        @Setting(
                value = "Number of tweets from which on a window can raise an alarm; 200 tweets without drift have an"
                        + " index of about 0.05.",
                from = "1",
                to = "999999999")
        @WithDefault("200")
        long leastTweets();

        @Setting(
                value = "A tweet is uncertain if its two most probable classes differ by less than twice this; of two"
                        + " classes, its probability is then this near to 0.5.",
                pattern = "0\\.[1-5]",
                allowed = "0.1, 0.2, 0.3, 0.4 or 0.5")
        @WithDefault("0.1")
        double uncertainBand();

        @Setting(
                value = "Share of tokens outside the model's vocabulary above which a feed drifts.",
                from = "0",
                to = "1")
        @WithDefault("0.2")
        double unknown();

        @Setting(value = "Share of uncertain tweets above which a feed drifts.", from = "0", to = "1")
        @WithDefault("0.4")
        double uncertain();

        @Setting(
                value = "Population stability index of the probabilities, against those in the model's report, above"
                        + " which a feed drifts; by convention 0.1 is a small change and 0.25 a large one.",
                from = "0",
                to = "100")
        @WithDefault("0.25")
        double psi();
    }
}
