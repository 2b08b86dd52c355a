// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.tweet;

import java.time.Duration;
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

    private static final Pattern FEED_NAME = Pattern.compile(FEED_NAME_PATTERN);

    private TweetLimits() {}

    /** Whether a feed may have this name, see {@link #FEED_NAME_IN_WORDS}. */
    public static boolean isFeedName(String name) {
        return FEED_NAME.matcher(name).matches();
    }
}
