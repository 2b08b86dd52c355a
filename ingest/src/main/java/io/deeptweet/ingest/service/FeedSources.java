// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.service.IngestSettings.CreatedAt;
import io.deeptweet.ingest.service.IngestSettings.FeedSettings;
import io.deeptweet.ingest.service.IngestSettings.MissingId;
import io.deeptweet.ingest.service.IngestSettings.Repeat;
import io.deeptweet.ingest.service.IngestSettings.StartAt;
import io.deeptweet.ingest.source.TweetSource;
import io.deeptweet.ingest.source.file.FileReplay;
import io.deeptweet.ingest.source.file.ReplayOptions;
import io.deeptweet.ingest.source.live.MastodonSource;
import io.deeptweet.ingest.tweet.LanguageDetector;
import io.deeptweet.service.settings.InvalidSettingException;
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
     * @throws InvalidSettingException if a file cannot be read, or a feed and the sources do not match
     */
    static List<Configured> of(IngestSettings settings, LanguageDetector languages, Clock clock) {
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
                sources.add(new Configured(
                        name, replay(name, feed, languages, clock), List.of(made), false, fromBeginning(feed)));
            }
        });
        new TreeMap<>(settings.sources()).forEach((name, live) -> {
            List<Feed> own = feeds.getOrDefault(name, List.of());
            boolean fromBeginning =
                    own.stream().anyMatch(feed -> fromBeginning(settings.feeds().get(feed.name())));
            sources.add(new Configured(name, live(name, live, own, languages, clock), own, true, fromBeginning));
        });
        return sources;
    }

    /** The live source that feeds may name without settings. */
    static TweetSource bluesky(IngestSettings settings, LanguageDetector languages, Clock clock) {
        LiveSettings bluesky = settings.sources().get(IngestSettings.BLUESKY);
        return live(IngestSettings.BLUESKY, bluesky, List.of(), languages, clock);
    }

    private static boolean fromBeginning(FeedSettings feed) {
        return feed.start() == StartAt.BEGINNING;
    }

    private static TweetSource live(
            String name, LiveSettings settings, List<Feed> feeds, LanguageDetector languages, Clock clock) {
        return switch (settings.type()) {
            case JETSTREAM -> JetstreamSources.of(name, settings, LARGEST_MESSAGE, languages, clock);
            case POLLING -> PollingSources.of(name, settings, languages, clock);
            case MASTODON ->
                new MastodonSource(name, MastodonSources.options(name, settings, LARGEST_MESSAGE), languages, clock);
            case X -> XSources.of(name, settings, feeds, LARGEST_MESSAGE, languages, clock);
        };
    }

    private static FileReplay replay(String feed, FeedSettings settings, LanguageDetector languages, Clock clock) {
        Path file = file(key(feed, "file"), settings);
        ReplayOptions options = new ReplayOptions(
                settings.rate(),
                settings.repeat() == Repeat.LOOP,
                settings.createdAt() == CreatedAt.NOW,
                settings.missingId() == MissingId.LINE,
                settings.columns(),
                settings.largestRecord(),
                settings.encoding().encoding(),
                settings.largestUnpacked());
        return new FileReplay(file, settings.format().format(), options, languages, clock);
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

    private static String key(String feed, String setting) {
        return "deeptweet.feeds." + feed + "." + setting;
    }
}
