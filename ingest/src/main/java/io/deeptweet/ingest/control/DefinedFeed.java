// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.control;

import io.deeptweet.ingest.feed.Feed;
import io.deeptweet.ingest.feed.FeedRule;
import io.deeptweet.ingest.feed.LanguageFilter;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;

/**
 * A feed of a live source.
 *
 * @param source name of the source
 * @param paused whether it gets nothing for now
 */
public record DefinedFeed(Feed feed, String source, boolean paused) {
    private static final int LONGEST_LANGUAGES = 1_000;

    /**
     * A feed as people write it.
     *
     * @param track the rule; empty for all tweets
     * @param languages such as {@code en,und}
     * @throws IllegalArgumentException if a value is wrong: the message is a sentence that begins with its field
     */
    public static DefinedFeed of(String name, String source, String track, String languages) {
        if (!TweetLimits.isFeedName(name)) throw wrong("feed", name, "use " + TweetLimits.FEED_NAME_IN_WORDS);
        if (!TweetLimits.isFeedName(source)) throw wrong("source", source, "use " + TweetLimits.FEED_NAME_IN_WORDS);
        if (languages.length() > LONGEST_LANGUAGES)
            throw wrong("languages", languages, "use at most " + LONGEST_LANGUAGES + " characters");
        Feed feed = new Feed(
                name,
                parsed("languages", languages, LanguageFilter::of),
                track.isBlank() ? FeedRule.ALL : parsed("track", track, FeedRule::of));
        return new DefinedFeed(feed, source, false);
    }

    private static <T> T parsed(String field, String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw wrong(field, value, e.getMessage());
        }
    }

    private static IllegalArgumentException wrong(String field, String value, String fault) {
        return new IllegalArgumentException(
                field + " is " + UntrustedText.quoted(value) + ": " + UntrustedText.oneLine(fault));
    }

    /** @throws IllegalArgumentException as {@link #of(String, String, String, String)} */
    static DefinedFeed of(String name, FeedDefinition record) {
        return of(name, record.getSource(), record.getTrack(), record.getLanguages())
                .paused(record.getPaused());
    }

    String name() {
        return feed.name();
    }

    DefinedFeed paused(boolean whether) {
        return new DefinedFeed(feed, source, whether);
    }

    /** Whether they differ in nothing but {@link #paused}. */
    boolean isSameAs(DefinedFeed other) {
        return paused(false).equals(other.paused(false));
    }

    /** @param configured whether the settings define the feed */
    FeedDefinition record(boolean configured, Instant now) {
        return new FeedDefinition(
                name(),
                source,
                feed.rule().toString(),
                feed.languages().toString(),
                paused,
                configured,
                now.truncatedTo(ChronoUnit.MILLIS));
    }
}
