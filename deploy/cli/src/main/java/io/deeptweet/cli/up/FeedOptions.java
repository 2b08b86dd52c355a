// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.up;

import io.deeptweet.cli.file.FileOptions;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which tweets {@code up} replays, and how. */
final class FeedOptions {
    /** Which dates the tweets get. */
    enum CreatedAt {
        keep,
        now
    }

    private static final String X_TOKEN = "DEEPTWEET_SOURCES_X_TOKEN";
    private static final Path STANDARD_INPUT = Path.of("-");

    /** The highest that ingest accepts. */
    private static final double HIGHEST_RATE = 1e9;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--feed",
            paramLabel = "FILE",
            description =
                    "Tweets to replay: a file of JSON, CSV or plain text, plain or compressed, see docs/sources.md; -"
                            + " is the standard input (default: a few hundred that the project ships).")
    private Optional<Path> feed;

    @Option(
            names = "--feed-name",
            paramLabel = "NAME",
            description = "Name of the feed (default: made from the file's name).")
    private Optional<String> feedName;

    @Option(
            names = "--live",
            paramLabel = "SOURCE",
            description = "Follows a live source instead of a file: bluesky, the public posts of Bluesky;"
                    + " bluesky=URL, a server of Jetstream (wss://HOST/subscribe); mastodon=HOST, the public posts of"
                    + " an instance of Mastodon, whose token is in DEEPTWEET_SOURCES_MASTODON_TOKEN; x, posts of X by"
                    + " --track, which cost money and need a token in DEEPTWEET_SOURCES_X_TOKEN. Several addresses are"
                    + " separated by commas.")
    private List<String> live = new ArrayList<>();

    @Option(
            names = "--track",
            paramLabel = "RULE",
            description = "Which tweets belong to the feed, such as 'apple OR \"apple pie\" -banana'; see"
                    + " docs/sources.md (default: all).")
    private Optional<String> track;

    @Option(names = "--no-feed", description = "Replays nothing: tweets come by POST /tweets.")
    private boolean noFeed;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "20",
            description = "Tweets per second; 0 is as fast as Kafka takes them (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--loop", description = "Starts the feed again at its end.")
    private boolean loop;

    @Option(
            names = "--from-beginning",
            description = "Replays the feed from its beginning, although an earlier start on the same --data or broker"
                    + " has published it or a part of it.")
    private boolean fromBeginning;

    @Option(
            names = "--created-at",
            paramLabel = "keep|now",
            description = "Keeps the tweets' dates, or replaces them by the present (default: now for the shipped feed,"
                    + " keep for yours).")
    private Optional<CreatedAt> createdAt;

    @Mixin
    private FileOptions file;

    /** Whether a feed is replayed that ends. */
    boolean ends() {
        return isReplayed() && !loop;
    }

    /** Whether a feed is replayed. */
    boolean isReplayed() {
        return !noFeed && live.isEmpty();
    }

    /** Whether the feed comes through the standard input. */
    boolean isStandardInput() {
        return feed.filter(STANDARD_INPUT::equals).isPresent();
    }

    /** Ingest's setting of the file, for one whose name is known later. */
    String fileSetting() {
        return prefix() + "file";
    }

    private String prefix() {
        return "deeptweet.feeds.\"" + name() + "\".";
    }

    /** The name of the live feed, if there is one. */
    Optional<String> liveFeed() {
        return live.isEmpty() ? Optional.empty() : Optional.of(name());
    }

    /**
     * The file.
     *
     * @param sample the one that the project ships
     */
    Path file(Path sample) {
        return feed.orElse(sample);
    }

    /** The feed's name: as given, or the file's name up to its first dot. */
    String name() {
        if (feedName.isPresent()) return feedName.get();
        if (!live.isEmpty()) return liveSource().label();
        if (feed.isEmpty()) return "sample";
        if (isStandardInput()) return "stdin";
        String name = feed.get()
                .getFileName()
                .toString()
                .replaceFirst("\\..*", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9_-]", "-")
                .replaceFirst("^[^a-z0-9]+", "");
        return name.isEmpty() ? "feed" : name.substring(0, Math.min(TweetLimits.LONGEST_FEED_NAME, name.length()));
    }

    /**
     * Ingest's settings.
     *
     * @param sample the file that the project ships
     * @throws ParameterException if an option is wrong
     */
    Map<String, String> ingestSettings(Path sample) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("deeptweet.push.languages", file.languageList());
        if (Stream.of(noFeed, feed.isPresent(), !live.isEmpty())
                        .filter(given -> given)
                        .count()
                > 1) throw wrong("--feed, --live and --no-feed exclude each other: leave all but one out");
        if (noFeed) return settings;
        if (!TweetLimits.isFeedName(name()))
            throw wrong("--feed-name is " + name() + ": use " + TweetLimits.FEED_NAME_IN_WORDS);
        if (!(rate >= 0 && rate <= HIGHEST_RATE)) throw wrong("--rate is " + rate + ": use 0 to 1000000000");
        String prefix = prefix();
        track.ifPresent(rule -> settings.put(prefix + "track", rule));
        settings.put(prefix + "languages", file.languageList());
        settings.put(prefix + "start", fromBeginning ? "beginning" : "resume");
        if (!live.isEmpty()) {
            settings.putAll(liveSettings());
            settings.put(prefix + "source", liveSource().label());
            return settings;
        }
        Path replayed = file(sample);
        if (!isStandardInput() && (!Files.isReadable(replayed) || Files.isDirectory(replayed)))
            throw wrong("--feed " + replayed + " cannot be read: name a file of tweets");
        settings.put(prefix + "file", replayed.toAbsolutePath().toString());
        settings.put(prefix + "rate", Double.toString(rate));
        settings.put(prefix + "repeat", loop ? "loop" : "once");
        settings.put(
                prefix + "created-at",
                createdAt
                        .orElse(feed.isPresent() ? CreatedAt.keep : CreatedAt.now)
                        .name());
        file.settings().forEach((name, value) -> settings.put(prefix + name, value));
        return settings;
    }

    /**
     * Requires the token of a source that does not answer without one.
     *
     * @param environment that ingest gets
     * @throws ParameterException if it is not there
     */
    void requireToken(Map<String, String> environment) {
        if (!live.isEmpty()
                && liveSource() == LiveSource.X
                && environment.getOrDefault(X_TOKEN, "").isBlank())
            throw wrong("--live is x: set the environment variable " + X_TOKEN + " to the bearer token of your app");
    }

    private LiveSource liveSource() {
        try {
            return LiveSource.of(live);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private Map<String, String> liveSettings() {
        if (liveSource() == LiveSource.X && track.isEmpty())
            throw wrong("--live is x: name the posts to pay for by --track");
        try {
            return liveSource().settings(live);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private ParameterException wrong(String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }
}
