// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.service;

import io.deeptweet.classifier.SentimentTopology;
import io.deeptweet.classifier.drift.DriftThresholds;
import io.deeptweet.classifier.stream.StreamsProperties;
import io.deeptweet.schemas.topic.TopicSetup;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The classifier's settings, checked.
 *
 * @param topics how missing topics are created
 * @param topology settings of the topology
 * @param streams settings of Kafka Streams
 * @param scoring whether tweets are scored at all
 */
record Settings(TopicSetup topics, SentimentTopology.Settings topology, StreamsProperties streams, boolean scoring) {
    private static final Duration SMALLEST_WINDOW = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * @throws IllegalArgumentException if a value is wrong; the message names the key, the value and what would be
     *     right
     */
    static Settings of(ClassifierConfig config) {
        List<Duration> windows = Arrays.stream(config.window().sizes().split(","))
                .map(size -> duration(
                        "deeptweet.window.sizes",
                        size.strip(),
                        SMALLEST_WINDOW,
                        "use whole seconds or longer, separated by commas, such as 10s,1m,1h"))
                .distinct()
                .sorted()
                .toList();
        TopicSetup topics =
                TopicSetup.of(config.topics().partitions(), config.topics().replicationFactor());
        Duration grace = duration(
                "deeptweet.window.grace",
                config.window().grace().strip(),
                Duration.ZERO,
                "use zero or longer, such as 30s, at most 36500d");
        SentimentTopology.Settings topology =
                new SentimentTopology.Settings(windows, grace, strongestWords(config.feeds()), drift(config.drift()));
        StreamsProperties streams = new StreamsProperties(
                applicationId(config.applicationId()),
                config.threads()
                        .map(Settings::threads)
                        .orElseGet(() -> Runtime.getRuntime().availableProcessors()),
                stateDir(config.stateDir()),
                address(config.address()),
                topics.replicationFactor());
        return new Settings(topics, topology, streams, scoring(config.scoring()));
    }

    private static DriftThresholds drift(ClassifierConfig.Drift drift) {
        return new DriftThresholds(
                duration(
                        "deeptweet.drift.window",
                        drift.window().strip(),
                        SMALLEST_WINDOW,
                        "use whole seconds or longer, such as 1h"),
                leastTweets(drift.leastTweets().strip()),
                uncertainTenths(drift.uncertainBand().strip()),
                number("deeptweet.drift.unknown", drift.unknown(), 1),
                number("deeptweet.drift.uncertain", drift.uncertain(), 1),
                number("deeptweet.drift.psi", drift.psi(), 100));
    }

    private static long leastTweets(String value) {
        if (value.matches("[1-9]\\d{0,8}")) return Long.parseLong(value);
        throw wrong("deeptweet.drift.least-tweets", value, "use 1 or more");
    }

    private static int uncertainTenths(String value) {
        if (value.matches("0\\.[1-5]")) return value.charAt(2) - '0';
        throw wrong("deeptweet.drift.uncertain-band", value, "use 0.1, 0.2, 0.3, 0.4 or 0.5");
    }

    private static double number(String key, String value, double most) {
        if (value.strip().matches("\\d{1,3}(\\.\\d{1,9})?") && Double.parseDouble(value.strip()) <= most)
            return Double.parseDouble(value.strip());
        throw wrong(key, value, "use 0 to " + (int) most);
    }

    private static String address(String value) {
        if (value.strip().matches("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([1-9]\\d{0,4})")) return value.strip();
        throw wrong("deeptweet.address", value, "use a host and a port, such as 10.0.0.7:8091");
    }

    /** {@code 10s}, {@code 1m}, {@code 1h}, {@code 1d}, {@code 500ms}, or as ISO 8601 writes it: {@code PT10S}. */
    private static Duration duration(String key, String value, Duration least, String right) {
        String lower = value.toLowerCase(Locale.ROOT);
        try {
            Duration duration;
            if (lower.matches("-?\\d+ms"))
                duration = Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
            else if (lower.matches("-?\\d+d"))
                duration = Duration.ofDays(Long.parseLong(lower.substring(0, lower.length() - 1)));
            else duration = Duration.parse(lower.startsWith("p") || lower.startsWith("-p") ? value : "PT" + value);
            boolean fine = least.isZero() || duration.toMillis() % least.toMillis() == 0;
            if (fine && duration.compareTo(least) >= 0 && duration.compareTo(LONGEST) <= 0) return duration;
        } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, right);
    }

    private static int threads(String value) {
        if (value.strip().matches("[1-9]\\d{0,2}")) return Integer.parseInt(value.strip());
        throw wrong("deeptweet.threads", value, "use 1 to 999");
    }

    private static Map<String, Integer> strongestWords(Map<String, ClassifierConfig.Feed> feeds) {
        Map<String, Integer> strongestWords = new HashMap<>();
        feeds.forEach((feed, settings) -> {
            if (!TweetLimits.isFeedName(feed))
                throw wrong("the name of the feed deeptweet.feeds." + feed, feed, TweetLimits.FEED_NAME_RULE);
            String most = settings.strongestWords().strip();
            if (!most.matches("\\d|1\\d|20"))
                throw wrong("deeptweet.feeds." + feed + ".strongest-words", most, "use 0 to 20");
            if (!most.equals("0")) strongestWords.put(feed, Integer.valueOf(most));
        });
        return Map.copyOf(strongestWords);
    }

    private static boolean scoring(String value) {
        if (value.strip().matches("true|false")) return Boolean.parseBoolean(value.strip());
        throw wrong("deeptweet.scoring", value, "use true, or false to pass tweets through unscored");
    }

    private static String applicationId(String value) {
        if (value.matches("[A-Za-z0-9._-]{1,200}")) return value;
        throw wrong("deeptweet.application-id", value, "use letters, digits, '.', '_' and '-'");
    }

    private static Path stateDir(String value) {
        try {
            return Files.createDirectories(Path.of(value).toAbsolutePath());
        } catch (InvalidPathException | IOException e) {
            throw wrong("deeptweet.state-dir", value, "name a folder that can be written to");
        }
    }

    private static IllegalArgumentException wrong(String key, String value, String right) {
        return new IllegalArgumentException(key + " is " + value + ": " + right);
    }
}
