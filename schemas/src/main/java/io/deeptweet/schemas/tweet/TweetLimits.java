// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.tweet;

import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.reject.RejectedCopy;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.schemas.text.UntrustedText;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the fields of tweets and labels may hold. Services reject records beyond these limits. */
public final class TweetLimits {
    /** Longest text of a tweet, in UTF-16 units: four times what X allows in its longest posts. */
    public static final int LONGEST_TEXT = 100_000;

    /**
     * Longest text of a labelled tweet, in UTF-16 units: no model reads more, and the trainer keeps texts in memory.
     */
    public static final int LONGEST_LABELED_TEXT = 10_000;

    /** Longest id, author and language tag of a tweet, and longest {@code labeledBy} of a label, in UTF-16 units. */
    public static final int LONGEST_NAME = 256;

    /** Most bytes of a record's headers, counted as {@link RejectedCopy#size}: they are copied to the scored tweet. */
    public static final int LARGEST_HEADERS = RejectedCopy.LARGEST_HEADERS;

    /** Longest name of a feed, in characters. */
    public static final int LONGEST_FEED_NAME = 64;

    /** What a feed's name may be, as a regular expression. */
    public static final String FEED_NAME_PATTERN = "[a-z0-9][a-z0-9._-]{0," + (LONGEST_FEED_NAME - 1) + "}";

    /** What a feed's name may be, in words: the end of a sentence such as "the feed must be". */
    public static final String FEED_NAME_IN_WORDS =
            "1 to " + LONGEST_FEED_NAME + " lower-case letters, digits, '.', '_' and '-', the first a letter or digit";

    /**
     * How far the clock of a source may be ahead of the service's. Later times are rejected: a tweet from 2099 would
     * close every window, and a label from 2099 would outrank all later ones.
     */
    public static final Duration LARGEST_CLOCK_LEAD = Duration.ofDays(1);

    /**
     * What is wrong with a record.
     *
     * @param detail the fault in a sentence
     */
    public record Fault(Reason reason, String detail) {}

    private static final Pattern FEED_NAME = Pattern.compile(FEED_NAME_PATTERN);

    private TweetLimits() {}

    /** Whether a feed may have this name, see {@link #FEED_NAME_IN_WORDS}. */
    public static boolean isFeedName(String name) {
        return FEED_NAME.matcher(name).matches();
    }

    /**
     * What is wrong with a tweet: a field is missing, too long or invalid.
     *
     * @param now from when on, plus {@link #LARGEST_CLOCK_LEAD}, a tweet's time is in the future
     * @return empty if the tweet is within all limits
     */
    public static Optional<Fault> fault(Tweet tweet, Instant now) {
        if (tweet.getId().isBlank()) return fault(Reason.NO_ID, "the tweet's id is blank");
        if (tweet.getText().isBlank()) return fault(Reason.NO_TEXT, "the tweet's text is blank");
        if (tweet.getText().length() > LONGEST_TEXT)
            return fault(Reason.TOO_LARGE, tooLong("text", tweet.getText(), LONGEST_TEXT));
        if (tweet.getId().length() > LONGEST_NAME)
            return fault(Reason.INVALID_FIELD, tooLong("id", tweet.getId(), LONGEST_NAME));
        if (!isFeedName(tweet.getFeed()))
            return fault(
                    Reason.INVALID_FIELD,
                    "the feed is " + UntrustedText.quoted(tweet.getFeed()) + ": use " + FEED_NAME_IN_WORDS);
        Optional<String> author = tweet.getAuthor().filter(name -> name.length() > LONGEST_NAME);
        if (author.isPresent()) return fault(Reason.INVALID_FIELD, tooLong("author", author.get(), LONGEST_NAME));
        Optional<String> language = tweet.getLanguage().filter(tag -> tag.length() > LONGEST_NAME);
        if (language.isPresent()) return fault(Reason.INVALID_FIELD, tooLong("language", language.get(), LONGEST_NAME));
        return timeFault(tweet.getCreatedAt(), now);
    }

    private static Optional<Fault> timeFault(Instant created, Instant now) {
        if (created.toEpochMilli() < 0) return fault(Reason.INVALID_FIELD, "createdAt is " + created + ", before 1970");
        if (created.isAfter(now.plus(LARGEST_CLOCK_LEAD)))
            return fault(Reason.INVALID_FIELD, "createdAt is " + created + ", in the future");
        return Optional.empty();
    }

    private static String tooLong(String field, String value, int longest) {
        return "the " + field + " has " + value.length() + " characters, more than " + longest;
    }

    private static Optional<Fault> fault(Reason reason, String detail) {
        return Optional.of(new Fault(reason, detail));
    }
}
