// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.service.IngestSettings.CreatedAt;
import io.deeptweet.ingest.service.IngestSettings.FeedSettings;
import io.deeptweet.ingest.service.IngestSettings.LiveSettings;
import io.deeptweet.ingest.service.IngestSettings.MissingId;
import io.deeptweet.ingest.service.IngestSettings.Repeat;
import io.deeptweet.ingest.service.IngestSettings.StartAt;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.file.FileFormat;
import io.deeptweet.ingest.source.file.FileReplay;
import io.deeptweet.ingest.source.file.ReplayOptions;
import io.deeptweet.ingest.source.live.JetstreamSource;
import io.deeptweet.service.settings.InvalidSettingException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Creates the sources that the settings name. */
final class FeedSources {
    private static final int LARGEST_MESSAGE = 900_000;

    /**
     * A source and what it supplies.
     *
     * @param name that of a live source in the settings, or of the only feed
     * @param feeds at least one for a file; those that are defined while ingest runs come later
     * @param live whether it is a live source
     * @param fromBeginning whether to forget what earlier starts have published
     */
    record Configured(String name, TweetSource source, List<Feed> feeds, boolean live, boolean fromBeginning) {}

    private FeedSources() {}

    /**
     * The sources with their feeds, by name.
     *
     * @throws InvalidSettingException if a file cannot be read or its name does not tell its format, or a feed and the
     *     sources do not match
     */
    static List<Configured> of(IngestSettings settings, Clock clock) {
        Map<String, List<Feed>> feeds = new TreeMap<>();
        List<Configured> sources = new ArrayList<>();
        new TreeMap<>(settings.feeds()).forEach((name, feed) -> {
            Feed made = new Feed(name, feed.languages(), feed.track().orElse(FeedRule.ALL));
            if (!feed.source().equals(IngestSettings.REPLAY)) {
                if (!settings.sources().containsKey(feed.source()))
                    throw new InvalidSettingException(
                            key(name, "source"), feed.source(), "replay or the name of a source in deeptweet.sources");
                feeds.computeIfAbsent(feed.source(), source -> new ArrayList<>())
                        .add(made);
            } else {
                if (settings.sources().containsKey(name))
                    throw new InvalidSettingException(
                            key(name, "source"), feed.source(), "another name for the feed: there is a source " + name);
                sources.add(new Configured(name, replay(name, feed, clock), List.of(made), false, fromBeginning(feed)));
            }
        });
        new TreeMap<>(settings.sources()).forEach((name, live) -> {
            List<Feed> own = feeds.getOrDefault(name, List.of());
            boolean fromBeginning =
                    own.stream().anyMatch(feed -> fromBeginning(settings.feeds().get(feed.name())));
            sources.add(new Configured(name, live(name, live, clock), own, true, fromBeginning));
        });
        return sources;
    }

    /** The live source that feeds may name without settings. */
    static TweetSource bluesky(IngestSettings settings, Clock clock) {
        return live(IngestSettings.BLUESKY, settings.sources().get(IngestSettings.BLUESKY), clock);
    }

    private static boolean fromBeginning(FeedSettings feed) {
        return feed.start() == StartAt.BEGINNING;
    }

    private static TweetSource live(String name, LiveSettings settings, Clock clock) {
        return switch (settings.type()) {
            case JETSTREAM ->
                new JetstreamSource(
                        name,
                        new JetstreamSource.Options(
                                settings.url().stream()
                                        .map(url -> address(name, url))
                                        .toList(),
                                settings.dictionary().map(file -> dictionary(name, file)),
                                settings.quiet(),
                                settings.clockDifference(),
                                LARGEST_MESSAGE),
                        clock);
        };
    }

    private static URI address(String source, String url) {
        try {
            URI address = new URI(url);
            if (address.getHost() != null) return address;
        } catch (URISyntaxException e) {
            // as one without a host
        }
        throw new InvalidSettingException(
                "deeptweet.sources." + source + ".url", url, "wss://, a host and a path, such as /subscribe");
    }

    private static byte[] dictionary(String source, String file) {
        try {
            return Files.readAllBytes(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidSettingException(
                    "deeptweet.sources." + source + ".dictionary", file, "a file that exists and can be read");
        }
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
