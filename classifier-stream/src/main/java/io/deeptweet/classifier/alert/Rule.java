// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.schemas.AlertCondition;
import io.deeptweet.schemas.AlertRule;
import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.schemas.tweet.TweetLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * When to alert.
 *
 * @param name 1 to 64 of {@code a-z 0-9 . _ -}
 * @param feed that it watches; empty for each feed
 * @param condition what it looks at
 * @param window size of the windows that it looks at; zero where the condition looks at none
 * @param threshold from which value on the condition holds: a share or a change of a share in (0, 1], a number of
 *     standard deviations, or a number of records; 0 where there is none
 * @param against how long before is the window that it compares with, in whole windows; zero for other conditions
 * @param minimumCount a window with fewer tweets decides nothing; 0 or more
 * @param duration how long the condition must hold until the alert fires, and not hold until it clears; for
 *     {@link AlertCondition#SILENCE}, how long without tweets
 * @param coolDown how long after it has cleared the alert does not fire again
 */
public record Rule(
        String name,
        Optional<String> feed,
        AlertCondition condition,
        Duration window,
        double threshold,
        Duration against,
        long minimumCount,
        Duration duration,
        Duration coolDown) {
    /** What a rule's name looks like. */
    public static final String NAME_PATTERN = TweetLimits.FEED_NAME_PATTERN;

    private static final Pattern NAME = Pattern.compile(NAME_PATTERN);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration LONGEST_WINDOW = Duration.ofDays(36_500);

    private static final Set<AlertCondition> WINDOWS =
            EnumSet.of(AlertCondition.NEGATIVE_SHARE, AlertCondition.NEGATIVE_SHARE_CHANGE, AlertCondition.VOLUME);
    private static final Set<AlertCondition> SHARES =
            EnumSet.of(AlertCondition.NEGATIVE_SHARE, AlertCondition.NEGATIVE_SHARE_CHANGE);
    private static final Set<AlertCondition> WITHOUT_FEED = EnumSet.of(AlertCondition.LAG, AlertCondition.MODEL);

    /** @throws InvalidException if a value cannot be used */
    public Rule {
        require(isName(name), "name", UntrustedText.quoted(name), TweetLimits.FEED_NAME_IN_WORDS);
        feed.ifPresent(given -> {
            require(TweetLimits.isFeedName(given), "feed", UntrustedText.quoted(given), TweetLimits.FEED_NAME_IN_WORDS);
            require(!WITHOUT_FEED.contains(condition), "feed", given, "no feed: " + word(condition) + " is about none");
        });
        // First, because larger numbers could not be computed with.
        require(isWithin(duration, LONGEST), "duration", duration, "0s to 30d");
        require(isWithin(coolDown, LONGEST), "coolDown", coolDown, "0s to 30d");
        require(isWithin(against, LONGEST), "against", against, "0s to 30d");
        if (WINDOWS.contains(condition))
            require(
                    isWithin(window, LONGEST_WINDOW) && window.toMillis() > 0,
                    "window",
                    window,
                    "the size of a window, such as 1m");
        Object given = threshold == 0 ? "0 or missing" : threshold;
        if (SHARES.contains(condition))
            require(threshold > 0 && threshold <= 1, "threshold", given, "a share above 0 and up to 1");
        if (condition == AlertCondition.VOLUME)
            require(threshold >= 1 && threshold <= 1000, "threshold", given, "1 to 1000 standard deviations");
        if (condition == AlertCondition.LAG)
            require(threshold >= 1 && threshold <= 1e15, "threshold", given, "a number of records, 1 or more");
        if (condition == AlertCondition.NEGATIVE_SHARE_CHANGE)
            require(
                    against.compareTo(window) >= 0 && against.toMillis() % window.toMillis() == 0,
                    "against",
                    against,
                    "a multiple of the window, such as 1h");
        if (condition == AlertCondition.SILENCE)
            require(duration.compareTo(Duration.ofSeconds(1)) >= 0, "duration", duration, "a second or longer");
        require(Double.isFinite(threshold) && threshold >= 0, "threshold", threshold, "a number, 0 or more");
        require(minimumCount >= 0, "minimumCount", minimumCount, "0 or more");
    }

    /** Whether a rule may have this name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    private static boolean isWithin(Duration given, Duration longest) {
        return !given.isNegative() && given.compareTo(longest) <= 0;
    }

    private static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) throw new InvalidException(field, value, allowed);
    }

    /** A value that cannot be used. The message names it and says what to use. */
    public static final class InvalidException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final String field;
        private final String value;
        private final String allowed;

        InvalidException(String field, Object value, String allowed) {
            super(field + " is " + value + ": use " + allowed);
            this.field = field;
            this.value = value.toString();
            this.allowed = allowed;
        }

        /** Returns the name of the rule's component. */
        public String field() {
            return field;
        }

        public String value() {
            return value;
        }

        /** Returns what to use instead, as the end of the sentence "use …". */
        public String allowed() {
            return allowed;
        }
    }

    /** Returns the condition as settings and requests name it, such as {@code negative-share}. */
    public static String word(AlertCondition condition) {
        return condition.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** Whether a condition looks at windows of sentiment. */
    public static boolean isOnWindows(AlertCondition condition) {
        return WINDOWS.contains(condition);
    }

    /** Whether a condition looks at the share of negative tweets. */
    public static boolean isOnNegative(AlertCondition condition) {
        return SHARES.contains(condition);
    }

    /** Whether windows of these sizes are counted; a rule that looks at others never fires. */
    boolean isPossible(Set<Duration> sizes) {
        return !WINDOWS.contains(condition) || sizes.contains(window);
    }

    boolean watches(String name) {
        return feed.map(name::equals).orElse(!WITHOUT_FEED.contains(condition));
    }

    boolean looksAt(Duration size) {
        return WINDOWS.contains(condition) && window.equals(size);
    }

    /** Returns a number that differs between rules, and is the same in every process. */
    int fingerprint() {
        return toString().hashCode();
    }

    /** How long the condition must hold until the alert fires. */
    Duration holdFor() {
        return condition == AlertCondition.SILENCE || condition == AlertCondition.MODEL ? Duration.ZERO : duration;
    }

    /** Reads a record of {@code sentiment.alert-rules}; throws as the constructor. */
    public static Rule of(AlertRule rule) {
        return new Rule(
                rule.getName(),
                rule.getFeed(),
                rule.getCondition(),
                Duration.ofMillis(rule.getWindowMs()),
                rule.getThreshold(),
                Duration.ofMillis(rule.getAgainstMs()),
                rule.getMinimumCount(),
                Duration.ofMillis(rule.getDurationMs()),
                Duration.ofMillis(rule.getCoolDownMs()));
    }

    /** Returns the record for {@code sentiment.alert-rules}. */
    public AlertRule record(Instant changedAt) {
        return new AlertRule(
                name,
                feed.orElse(null),
                condition,
                window.toMillis(),
                threshold,
                against.toMillis(),
                minimumCount,
                duration.toMillis(),
                coolDown.toMillis(),
                changedAt.truncatedTo(ChronoUnit.MILLIS));
    }
}
