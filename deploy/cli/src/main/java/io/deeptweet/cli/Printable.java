// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli;

import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.Tweet;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Records as lines for a terminal. What strangers wrote is made harmless: it can neither move the cursor nor reorder
 * the line.
 */
final class Printable {
    private static final int BAR = 20;

    private Printable() {}

    /**
     * {@code 0.97 positive election @ada what a lovely day}, and where its feed asks for them {@code [lovely +1.93, day
     * +0.41]}.
     */
    static String of(ScoredTweet tweet) {
        return String.format(
                Locale.ROOT,
                "%.2f %-8s  %-12s  %-16s  %s%s",
                tweet.getProbability(),
                tweet.getSentiment() == Sentiment.POSITIVE ? "positive" : "negative",
                harmless(tweet.getFeed()),
                tweet.getAuthor().map(author -> "@" + harmless(author)).orElse(""),
                harmless(tweet.getText()),
                tweet.getStrongestWords().isEmpty()
                        ? ""
                        : tweet.getStrongestWords().stream()
                                .map(word -> String.format(
                                        Locale.ROOT, "%s %+.2f", harmless(word.getWord()), word.getLogit()))
                                .collect(Collectors.joining(", ", "  [", "]")));
    }

    static String of(Tweet tweet) {
        return String.format(
                Locale.ROOT,
                "%s  %-12s  %-3s  %-16s  %s",
                tweet.getCreatedAt(),
                harmless(tweet.getFeed()),
                tweet.getLanguage().map(Printable::harmless).orElse("-"),
                tweet.getAuthor().map(author -> "@" + harmless(author)).orElse(""),
                harmless(tweet.getText()));
    }

    /** {@code 2024-08-15T22:24:00Z positive person ada what a day}. */
    static String of(LabeledTweet label) {
        return String.format(
                Locale.ROOT,
                "%s  %-8s  %-9s  %-12s  %s",
                label.getLabeledAt(),
                label.getLabel().toString().toLowerCase(Locale.ROOT),
                label.getLabeler().toString().toLowerCase(Locale.ROOT),
                harmless(label.getLabeledBy()),
                harmless(label.getText()));
    }

    /** {@code round 3 2024-08-15T22:24:00Z 1000 labels published round-3-0123abcd: it gains …}. */
    static String of(TrainingRound round) {
        return String.format(
                Locale.ROOT,
                "round %d  %s  %d labels  %s %s: %s",
                round.getNumber(),
                round.getEndedAt(),
                round.getLabels(),
                round.getPublished() ? "published" : "withheld",
                harmless(round.getCandidate().orElse("what it was to make")),
                harmless(round.getBecause()));
    }

    /** {@code election 10s from 22:24:00 42 tweets ████████░░░░ 62 % positive, mean 0.58, by v1}. */
    static String of(SentimentWindow window) {
        double share = window.getCount() == 0 ? 0 : (double) window.getPositive() / window.getCount();
        int filled = (int) Math.round(share * BAR);
        String versions = window.getModelVersions().size() == 1
                ? window.getModelVersions().keySet().iterator().next()
                : window.getModelVersions().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-12s  %4s from %s  %5d tweets  %s%s %3.0f %% positive, mean %.2f, by %s",
                harmless(window.getFeed()),
                brief(Duration.between(window.getStart(), window.getEnd())),
                window.getStart(),
                window.getCount(),
                "█".repeat(filled),
                "░".repeat(BAR - filled),
                100 * share,
                window.getMeanProbability(),
                harmless(versions));
    }

    /**
     * {@code election 1h from 22:00:00 420 tweets 12.1 % of tokens unknown, 18.0 % uncertain, PSI 0.31, drifts by psi}.
     */
    static String of(DriftWindow window) {
        return String.format(
                Locale.ROOT,
                "%-12s  %4s from %s  %5d tweets  %.1f %% of tokens unknown, %.1f %% uncertain, PSI %s%s",
                harmless(window.getFeed()),
                brief(Duration.between(window.getStart(), window.getEnd())),
                window.getStart(),
                window.getCount(),
                100 * window.getUnknownRate(),
                100 * window.getUncertainShare(),
                window.getPsi()
                        .map(psi -> String.format(Locale.ROOT, "%.2f", psi))
                        .orElse("unknown"),
                window.getAlarms().isEmpty() ? "" : ", drifts by " + harmless(String.join(", ", window.getAlarms())));
    }

    /** {@code 10s}, {@code 1m}, {@code 1h}. */
    static String brief(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }

    /**
     * The text in one line: line ends become {@code ⏎}, tabs spaces, and whatever a terminal would obey {@code \uFFFD}.
     */
    static String harmless(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.replace("\r\n", "\n").replace('\t', ' ').codePoints().forEach(c -> {
            if (c == '\n') line.append('⏎');
            else if (isObeyed(c)) line.append('\uFFFD');
            else line.appendCodePoint(c);
        });
        return line.toString();
    }

    /** The same JSON with whatever a terminal would obey escaped; it stands within strings only. */
    static String harmlessJson(String json) {
        StringBuilder line = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (isObeyed(c)) line.append(String.format("\\u%04x", c));
            else line.appendCodePoint(c);
        });
        return line.toString();
    }

    /**
     * Control characters, those that turn the direction of writing, other line ends, and surrogates that stand alone.
     * All are in the first plane.
     */
    private static boolean isObeyed(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            default ->
                (c >= 0x202a && c <= 0x202e)
                        || (c >= 0x2066 && c <= 0x2069)
                        || c == 0x200e
                        || c == 0x200f
                        || c == 0x061c;
        };
    }
}
