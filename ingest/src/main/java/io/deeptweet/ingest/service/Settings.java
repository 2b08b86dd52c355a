// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.source.FileReplay;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.schemas.topic.TopicSetup;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Ingest's settings, checked.
 *
 * @param topics how missing topics are created
 * @param feeds the feeds that have a source, by name
 * @param push how pushed tweets are taken
 */
record Settings(TopicSetup topics, Map<Feed, TweetSource> feeds, Push push) {
    /**
     * @param defaultFeed the feed of tweets that are pushed without naming one
     * @param languages what feeds of pushed tweets let pass
     * @param largestBatch records of one request
     * @param timeout how long a request waits for Kafka
     */
    record Push(String defaultFeed, LanguageFilter languages, int largestBatch, Duration timeout) {}

    private static final Set<String> COLUMNS = Set.of("id", "text", "created_at", "lang", "author");

    /**
     * @throws IllegalArgumentException if a value is wrong; the message names the key, the value and what would be
     *     right
     */
    static Settings of(IngestConfig config, Clock clock) {
        Map<Feed, TweetSource> feeds = new LinkedHashMap<>();
        new TreeMap<>(config.feeds())
                .forEach((name, source) -> feeds.put(feed(name, source), source(name, source, clock)));
        IngestConfig.Push push = config.push();
        if (!Feed.isName(push.defaultFeed()))
            throw wrong(
                    "deeptweet.push.default-feed",
                    push.defaultFeed(),
                    "use lower-case letters, digits, '.', '_' and '-'");
        return new Settings(
                TopicSetup.of(config.topics().partitions(), config.topics().replicationFactor()),
                feeds,
                new Push(
                        push.defaultFeed(),
                        languages("deeptweet.push.languages", push.languages()),
                        number("deeptweet.push.largest-batch", push.largestBatch(), 1, 100_000, "use 1 to 100000"),
                        Duration.ofSeconds(number(
                                "deeptweet.push.timeout-seconds", push.timeoutSeconds(), 1, 3600, "use 1 to 3600"))));
    }

    private static Feed feed(String name, IngestConfig.Source source) {
        if (!Feed.isName(name))
            throw wrong(
                    "the name of the feed deeptweet.feeds." + name,
                    name,
                    "use 1 to 64 lower-case letters, digits, '.', '_' and '-'");
        return new Feed(name, languages(key(name, "languages"), source.languages()));
    }

    private static TweetSource source(String name, IngestConfig.Source source, Clock clock) {
        choice(key(name, "source"), source.source(), "replay");
        String fileKey = key(name, "file");
        Path file;
        try {
            file = Path.of(source.file().orElseThrow(() -> wrong(fileKey, "missing", "name the file to replay")));
        } catch (InvalidPathException e) {
            throw wrong(fileKey, source.file().orElse(""), "name a file");
        }
        if (!Files.isReadable(file) || Files.isDirectory(file))
            throw wrong(fileKey, file.toString(), "there is no such file, or it cannot be read: name one that can");
        source.columns().keySet().forEach(column -> {
            if (!COLUMNS.contains(column))
                throw wrong(
                        key(name, "columns." + column),
                        source.columns().get(column),
                        "the columns that can be named are id, text, created_at, lang and author");
        });
        return new FileReplay(
                file,
                format(name, source, file),
                new FileReplay.Options(
                        rate(key(name, "rate"), source.rate()),
                        choice(key(name, "repeat"), source.repeat(), "once", "loop")
                                .equals("loop"),
                        choice(key(name, "created-at"), source.createdAt(), "keep", "now")
                                .equals("now"),
                        choice(key(name, "missing-id"), source.missingId(), "reject", "line")
                                .equals("line"),
                        source.columns(),
                        number(
                                key(name, "largest-record"),
                                source.largestRecord(),
                                1,
                                900_000,
                                "use 1 to 900000 bytes")),
                clock);
    }

    private static FileReplay.Format format(String name, IngestConfig.Source source, Path file) {
        String key = key(name, "format");
        String right = "use x-api, csv or text";
        switch (choice(key, source.format(), "auto", "x-api", "csv", "text")) {
            case "x-api":
                return FileReplay.Format.X_API;
            case "csv":
                return FileReplay.Format.CSV;
            case "text":
                return FileReplay.Format.TEXT;
            default:
                return FileReplay.Format.ofName(file)
                        .orElseThrow(() ->
                                wrong(key, "auto", "the name of " + file + " does not tell its format: " + right));
        }
    }

    private static double rate(String key, String value) {
        try {
            double rate = Double.parseDouble(value.strip());
            if (rate >= 0 && rate <= 1e9) return rate;
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, "use tweets a second, or 0 for as fast as possible");
    }

    private static LanguageFilter languages(String key, String value) {
        try {
            return LanguageFilter.of(value);
        } catch (IllegalArgumentException e) {
            throw wrong(key, value, e.getMessage());
        }
    }

    private static String choice(String key, String value, String... choices) {
        if (List.of(choices).contains(value)) return value;
        throw wrong(key, value, "use " + String.join(" or ", choices));
    }

    private static int number(String key, String value, int least, int most, String right) {
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw wrong(key, value, right);
    }

    private static String key(String feed, String setting) {
        return "deeptweet.feeds." + feed + "." + setting;
    }

    private static IllegalArgumentException wrong(String key, String value, String right) {
        return new IllegalArgumentException(key + " is " + value + ": " + right);
    }
}
