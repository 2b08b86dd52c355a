// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.service.IngestSettings.CreatedAt;
import io.deeptweet.ingest.service.IngestSettings.FeedSettings;
import io.deeptweet.ingest.service.IngestSettings.MissingId;
import io.deeptweet.ingest.service.IngestSettings.Repeat;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.file.FileFormat;
import io.deeptweet.ingest.source.file.FileReplay;
import io.deeptweet.ingest.source.file.ReplayOptions;
import io.deeptweet.service.settings.InvalidSettingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Creates the sources of the feeds that the settings name. */
final class FeedSources {
    private FeedSources() {}

    /**
     * The feeds with their sources, by name.
     *
     * @throws InvalidSettingException if a file cannot be read, or its name does not tell its format
     */
    static Map<Feed, TweetSource> of(Map<String, FeedSettings> settings, Clock clock) {
        Map<Feed, TweetSource> sources = new LinkedHashMap<>();
        new TreeMap<>(settings)
                .forEach((name, feed) -> sources.put(new Feed(name, feed.languages()), source(name, feed, clock)));
        return sources;
    }

    private static TweetSource source(String feed, FeedSettings settings, Clock clock) {
        return switch (settings.source()) {
            case REPLAY -> replay(feed, settings, clock);
        };
    }

    private static FileReplay replay(String feed, FeedSettings settings, Clock clock) {
        Path file = file(key(feed, "file"), settings);
        ReplayOptions options = new ReplayOptions(
                settings.rate(),
                settings.repeat() == Repeat.LOOP,
                settings.createdAt() == CreatedAt.NOW,
                settings.missingId() == MissingId.LINE,
                settings.columns(),
                settings.largestRecord());
        return new FileReplay(file, format(key(feed, "format"), settings, file), options, clock);
    }

    private static Path file(String key, FeedSettings settings) {
        String name = settings.file()
                .orElseThrow(() -> InvalidSettingException.missing(key, "the name of the file to replay"));
        try {
            Path file = Path.of(name);
            if (Files.isReadable(file) && !Files.isDirectory(file)) return file;
        } catch (InvalidPathException e) {
            throw new InvalidSettingException(key, name, "the name of a file");
        }
        throw new InvalidSettingException(key, name, "a file that exists and can be read");
    }

    private static FileFormat format(String key, FeedSettings settings, Path file) {
        return settings.format()
                .format()
                .or(() -> FileFormat.ofName(file))
                .orElseThrow(() -> new InvalidSettingException(
                        key, "auto", "x-api, csv or text: the name of " + file + " does not tell its format"));
    }

    private static String key(String feed, String setting) {
        return "deeptweet.feeds." + feed + "." + setting;
    }
}
