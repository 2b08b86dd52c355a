// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.EstimatedShare;
import io.deeptweet.schemas.EstimatedShares;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.text.UntrustedText;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What was found when a rule's condition was looked at.
 *
 * @param holds whether the condition holds
 * @param feed that it is about; empty if it is about none
 * @param value what was measured, in the unit of the rule's threshold; empty if nothing was
 * @param count number of tweets in the window; 0 without a window
 * @param start of the window; empty without one
 * @param end of the window; empty without one
 * @param reason why it holds or not, in a sentence
 */
record Finding(
        boolean holds,
        Optional<String> feed,
        OptionalDouble value,
        long count,
        Optional<Instant> start,
        Optional<Instant> end,
        String reason) {
    /** What an audit record says was done, as {@link AuditRecord} lists it. */
    private static final Set<String> ALARMING = Set.of("withheld", "rolled-back");

    private static final Set<String> REASSURING = Set.of("activated", "promoted", "published");

    /** Records of others may hold any text, and the alert that repeats it must fit on its topic. */
    private static final int LONGEST_PART = 500;

    /** The share of negative tweets. */
    static Finding share(Rule rule, SentimentWindow window) {
        double share = negative(window);
        return of(
                share >= rule.threshold(),
                window,
                share,
                String.format(
                        Locale.ROOT,
                        "%s of %d tweets are negative%s; the threshold is %s",
                        percent(share),
                        window.getCount(),
                        interval(window),
                        percent(rule.threshold())));
    }

    /** How much the share of negative tweets has risen. */
    static Finding change(Rule rule, SentimentWindow window, SentimentWindow before) {
        double rise = negative(window) - negative(before);
        return of(
                rise >= rule.threshold(),
                window,
                rise,
                String.format(
                        Locale.ROOT,
                        "%s of %d tweets are negative, %s of %d were %s before; the threshold is a rise by %s",
                        percent(negative(window)),
                        window.getCount(),
                        percent(negative(before)),
                        before.getCount(),
                        words(rule.against()),
                        percent(rule.threshold())));
    }

    /** How many standard deviations the number of tweets is from the usual one. */
    static Finding volume(Rule rule, SentimentWindow window, WindowHistory.Usual usual) {
        double deviations = (window.getCount() - usual.mean()) / usual.deviation();
        return of(
                Math.abs(deviations) >= rule.threshold(),
                window,
                deviations,
                String.format(
                        Locale.ROOT,
                        "%d tweets, where %.1f are usual at this hour (standard deviation %.1f); the threshold is %s"
                                + " standard deviations",
                        window.getCount(),
                        usual.mean(),
                        usual.deviation(),
                        number(rule.threshold())));
    }

    /** The drift of a feed. */
    static Finding drift(DriftWindow window) {
        boolean holds = !window.getAlarms().isEmpty();
        return new Finding(
                holds,
                Optional.of(window.getFeed()),
                window.getPsi().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
                window.getCount(),
                Optional.of(window.getStart()),
                Optional.of(window.getEnd()),
                holds
                        ? "the tweets differ from the model's training data by " + String.join(", ", window.getAlarms())
                        : "the tweets do not differ from the model's training data beyond the thresholds");
    }

    /**
     * How long a feed had no tweets.
     *
     * @param quietMs in ms, since the last tweet or the start of the service
     * @param lastMs when the last tweet came, by the clock, in ms since 1970
     */
    static Finding silence(Rule rule, String feed, long quietMs, long lastMs) {
        boolean holds = quietMs >= rule.duration().toMillis();
        return new Finding(
                holds,
                Optional.of(feed),
                OptionalDouble.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                holds
                        ? "no tweet came for " + words(rule.duration()) + "; the last one came at "
                                + Instant.ofEpochMilli(lastMs)
                        : "tweets come again");
    }

    /** How many records wait. */
    static Finding lag(Rule rule, long lag) {
        return new Finding(
                lag >= rule.threshold(),
                Optional.empty(),
                OptionalDouble.of(lag),
                0,
                Optional.empty(),
                Optional.empty(),
                lag + " records of tweets.raw wait; the threshold is " + number(rule.threshold()));
    }

    /** Whether a model was withheld or rolled back; empty if what was done says nothing about that. */
    static Optional<Finding> model(AuditRecord record) {
        boolean holds = ALARMING.contains(record.getAction());
        if (record.getVersion().isEmpty() || !holds && !REASSURING.contains(record.getAction()))
            return Optional.empty();
        return Optional.of(new Finding(
                holds,
                Optional.empty(),
                OptionalDouble.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                record.getAction() + ": "
                        + part(record.getVersion().get()) + ", by " + part(record.getActor())
                        + (record.getReason().isEmpty() ? "" : ", " + part(record.getReason()))));
    }

    private static String part(String text) {
        return UntrustedText.oneLine(UntrustedText.shortened(text, LONGEST_PART));
    }

    /** The alert's rule is no longer in force as it was. */
    static Finding ruleIsGone(Optional<String> feed) {
        return new Finding(
                false,
                feed,
                OptionalDouble.empty(),
                0,
                Optional.empty(),
                Optional.empty(),
                "the rule was changed or removed");
    }

    private static Finding of(boolean holds, SentimentWindow window, double value, String reason) {
        return new Finding(
                holds,
                Optional.of(window.getFeed()),
                OptionalDouble.of(value),
                window.getCount(),
                Optional.of(window.getStart()),
                Optional.of(window.getEnd()),
                reason);
    }

    /** The corrected share of negative tweets, or that of the counts if there is none. */
    private static double negative(SentimentWindow window) {
        return window.getShares()
                .map(shares -> (double) shares.getNegative().getShare())
                .orElse((double) window.getNegative() / window.getCount());
    }

    private static String interval(SentimentWindow window) {
        Optional<EstimatedShare> negative = window.getShares().map(EstimatedShares::getNegative);
        return negative.map(
                        share -> " (95 % interval " + percent(share.getLow()) + " to " + percent(share.getHigh()) + ")")
                .orElse("");
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /** Such as {@code 1h 30m}. */
    private static String words(Duration duration) {
        return duration.toString()
                .substring(2)
                .replaceAll("([HM])(?=\\d)", "$1 ")
                .toLowerCase(Locale.ROOT);
    }
}
