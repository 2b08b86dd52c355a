// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.service;

import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.ingest.shape.FileFormat;
import io.deeptweet.ingest.shape.InputRecords;
import io.deeptweet.schemas.tweet.TweetLimits;
import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.security.SecuritySettings;
import io.deeptweet.service.settings.DurationConverter;
import io.deeptweet.service.settings.Keys;
import io.deeptweet.service.settings.Setting;
import io.deeptweet.service.settings.TopicSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithDefaults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of ingest. */
@ConfigMapping(prefix = "deeptweet")
public interface IngestSettings {
    TopicSettings topics();

    SecuritySettings security();

    /** The feeds that have a source, by name. */
    @Keys(value = "feed", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, FeedSettings> feeds();

    /** Live sources, by name; feeds take their tweets from them. One that is not named has the defaults. */
    @WithDefaults
    @Keys(value = "source", pattern = TweetLimits.FEED_NAME_PATTERN, allowed = TweetLimits.FEED_NAME_IN_WORDS)
    Map<String, LiveSettings> sources();

    Push push();

    @Setting("Whether ingest detects the language of tweets whose source names none, or lets people set it; see"
            + " docs/sources.md.")
    @WithDefault("true")
    boolean detectLanguages();

    @Setting(
            value = "How long a feed's records wait for the commit of their transaction, at most; consumers see them"
                    + " then.",
            from = "10ms",
            to = "5s")
    @WithDefault("100ms")
    @WithConverter(DurationConverter.class)
    Duration commitInterval();

    /** A feed that has a source. */
    interface FeedSettings {
        @Setting(
                value = "Where the feed's tweets come from: `replay` reads a file, another name is that of a live"
                        + " source"
                        + " in `deeptweet.sources`.",
                pattern = TweetLimits.FEED_NAME_PATTERN,
                allowed = "replay or the name of a source in deeptweet.sources")
        @WithDefault(REPLAY)
        String source();

        @Setting(
                value = "Rule for the tweets that belong to the feed, see docs/sources.md; all if it is not set.",
                allowed = "words, OR, parentheses, and -, such as apple OR \"apple pie\" -banana")
        @WithConverter(FeedRuleConverter.class)
        Optional<FeedRule> track();

        @Setting(
                value = "File to replay, plain or compressed by gzip, bzip2, xz or zstd, or a zip of one file; required"
                        + " for `replay`.",
                allowed = "the name of a file")
        Optional<String> file();

        @Setting("Format of the file; `auto` tells it by its first line, and by its name where that tells nothing;"
                + " see docs/sources.md.")
        @WithDefault("auto")
        FormatChoice format();

        @Setting("Encoding of the file; `auto` is UTF-8, or UTF-16 with a byte order mark, and `iso-8859-1` reads each"
                + " record that is not UTF-8 as ISO-8859-1 with the additions of Windows-1252.")
        @WithDefault("auto")
        EncodingChoice encoding();

        @Setting(value = "Tweets per second; 0 is as fast as Kafka accepts them.", from = "0", to = "1000000000")
        @WithDefault("0")
        double rate();

        @Setting("Whether to replay the file once, or to start again at its end.")
        @WithDefault("once")
        Repeat repeat();

        @Setting("Where a start of the service begins: `resume` where the last one stopped, `beginning` at the first"
                + " record, which publishes everything again.")
        @WithDefault("resume")
        StartAt start();

        @Setting("Whether to keep the tweets' dates, or to replace them with the time of the replay.")
        @WithDefault("keep")
        CreatedAt createdAt();

        @Setting("Whether to reject a tweet without an id, or to make one from the feed's name and the line's number.")
        @WithDefault("reject")
        MissingId missingId();

        @Setting(value = "Languages of the tweets that pass; others are dropped.", allowed = LANGUAGES)
        @WithDefault(DEFAULT_LANGUAGES)
        @WithConverter(LanguageFilterConverter.class)
        LanguageFilter languages();

        @Keys(
                value = "field",
                pattern = "id|text|created_at|lang|author",
                allowed = "id, text, created_at, lang or author")
        @Setting(
                value = "Where the field is, if its name is unusual: the name of a `csv` column, its number from 1 in a"
                        + " file without a header, or the name or JSON pointer of a `json` field.",
                allowed = "a name, a number or a JSON pointer, such as Tweet, 6 or /user/name",
                defaultInWords = "the usual names")
        Map<String, String> columns();

        @Setting(value = "Largest record in bytes; a larger one is rejected.", from = "1", to = "900000")
        @WithDefault("" + InputRecords.DEFAULT_LARGEST_RECORD)
        int largestRecord();

        @Setting(
                value = "Most bytes that a compressed file unpacks to; the rest is not read, and the feed fails.",
                from = "1",
                to = "1152921504606846976")
        @WithDefault(LARGEST_UNPACKED)
        long largestUnpacked();
    }

    /** {@code POST /tweets}. */
    interface Push {
        @Setting(
                value = "Feed of a request that names none.",
                pattern = TweetLimits.FEED_NAME_PATTERN,
                allowed = TweetLimits.FEED_NAME_IN_WORDS)
        @WithDefault("push")
        String defaultFeed();

        @Setting(
                value = "Feeds that requests may name, besides the default feed; any feed if none is named here.",
                pattern = TweetLimits.FEED_NAME_PATTERN,
                allowed = TweetLimits.FEED_NAME_IN_WORDS)
        Optional<List<String>> feeds();

        /** Whether requests may name this feed. */
        default boolean accepts(String feed) {
            return feed.equals(defaultFeed())
                    || feeds().map(names -> names.contains(feed)).orElse(true);
        }

        @Setting(value = "Languages of the pushed tweets that pass; others are dropped.", allowed = LANGUAGES)
        @WithDefault(DEFAULT_LANGUAGES)
        @WithConverter(LanguageFilterConverter.class)
        LanguageFilter languages();

        @Setting(value = "Most records of a request; a larger request is answered with 413.", from = "1", to = "100000")
        @WithDefault("1000")
        int largestBatch();

        @Setting(
                value = "Seconds that a request waits for Kafka before it is answered with 503.",
                from = "1",
                to = "3600")
        @WithDefault("30")
        int timeoutSeconds();
    }

    /** Allowed lists of languages, as the end of the sentence "use …". */
    String LANGUAGES = "two-letter codes separated by commas, und for unknown or * for all, such as en,und";

    /** Tweets in English, and those without a language tag. */
    String DEFAULT_LANGUAGES = "en,und";

    /** {@link InputFile#MOST_UNPACKED} as the text of a default. */
    String LARGEST_UNPACKED = "" + InputFile.MOST_UNPACKED;
    /** The live source that needs no settings. */
    String BLUESKY = "bluesky";

    /** The source that reads a file. */
    String REPLAY = "replay";

    /** The formats of a file, and the choice by its name. */
    enum FormatChoice {
        AUTO(Optional.empty()),
        JSON(Optional.of(FileFormat.JSON)),
        CSV(Optional.of(FileFormat.CSV)),
        TEXT(Optional.of(FileFormat.TEXT));

        private final Optional<FileFormat> format;

        FormatChoice(Optional<FileFormat> format) {
            this.format = format;
        }

        /** Empty for the choice by name. */
        Optional<FileFormat> format() {
            return format;
        }
    }

    /** The encodings of a file. */
    enum EncodingChoice {
        AUTO(RecordEncoding.UTF_8),
        ISO_8859_1(RecordEncoding.ISO_8859_1);

        private final RecordEncoding encoding;

        EncodingChoice(RecordEncoding encoding) {
            this.encoding = encoding;
        }

        RecordEncoding encoding() {
            return encoding;
        }
    }

    /** What follows the end of a file. */
    enum Repeat {
        ONCE,
        LOOP
    }

    /** Where a start begins. */
    enum StartAt {
        RESUME,
        BEGINNING
    }

    /** What becomes the date of a tweet. */
    enum CreatedAt {
        KEEP,
        NOW
    }

    /** What to do with a tweet without an id. */
    enum MissingId {
        REJECT,
        LINE
    }
}
