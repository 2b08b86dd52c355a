// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.cli.record;

import io.deeptweet.schemas.Activation;
import io.deeptweet.schemas.Alert;
import io.deeptweet.schemas.AlertRule;
import io.deeptweet.schemas.AuditRecord;
import io.deeptweet.schemas.DeletedTweet;
import io.deeptweet.schemas.DriftWindow;
import io.deeptweet.schemas.FeedDefinition;
import io.deeptweet.schemas.LabeledTweet;
import io.deeptweet.schemas.ModelManifest;
import io.deeptweet.schemas.ModelRecord;
import io.deeptweet.schemas.ScoredTweet;
import io.deeptweet.schemas.Sentiment;
import io.deeptweet.schemas.SentimentWindow;
import io.deeptweet.schemas.SourcePosition;
import io.deeptweet.schemas.TensorChunk;
import io.deeptweet.schemas.TrainingRound;
import io.deeptweet.schemas.Tweet;
import io.deeptweet.schemas.published.ModelLog;
import io.deeptweet.schemas.reject.Rejection;
import io.deeptweet.schemas.text.UntrustedText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Records as lines for a terminal. Text of other authors is sanitized: it can neither move the cursor nor reorder the
 * line.
 */
public final class RecordLine {
    private static final int BAR = 20;
    private static final int LONGEST_REJECTED = 200;

    private RecordLine() {}

    /** A record of any of DeepTweet's topics with a value, but rejected ones, which have no schema. */
    public static String of(String key, SpecificRecord value) {
        if (value instanceof Tweet tweet) return of(tweet);
        if (value instanceof ScoredTweet tweet) return of(tweet);
        if (value instanceof SentimentWindow window) return of(window);
        if (value instanceof DriftWindow window) return of(window);
        if (value instanceof Alert alert) return of(alert);
        if (value instanceof AlertRule rule) return of(rule);
        if (value instanceof LabeledTweet label) return of(label);
        if (value instanceof DeletedTweet deletion) return of(deletion);
        if (value instanceof TrainingRound round) return of(round);
        if (value instanceof AuditRecord record) return of(record);
        if (value instanceof SourcePosition position) return of(position);
        if (value instanceof FeedDefinition definition) return of(definition);
        return of(key, (ModelRecord) value);
    }

    /**
     * {@code 0.97 positive election @ada what a lovely day}: the most probable class with its probability, and where
     * its feed asks for them the strongest words, {@code [lovely +1.93, day +0.41]}: what each adds to the logit of the
     * polarity, or of the opinion if the tweet is neutral.
     */
    public static String of(ScoredTweet tweet) {
        return String.format(
                Locale.ROOT,
                "%.2f %-8s  %-12s  %-16s  %s%s",
                probability(tweet),
                tweet.getSentiment().toString().toLowerCase(Locale.ROOT),
                UntrustedText.oneLine(tweet.getFeed()),
                tweet.getAuthor()
                        .map(author -> "@" + UntrustedText.oneLine(author))
                        .orElse(""),
                UntrustedText.oneLine(tweet.getText()),
                tweet.getStrongestWords().isEmpty()
                        ? ""
                        : tweet.getStrongestWords().stream()
                                .map(word -> String.format(
                                        Locale.ROOT,
                                        "%s %+.2f",
                                        UntrustedText.oneLine(word.getWord()),
                                        tweet.getSentiment() == Sentiment.NEUTRAL
                                                ? word.getOpinion()
                                                : word.getPolarity()))
                                .collect(Collectors.joining(", ", "  [", "]")));
    }

    private static float probability(ScoredTweet tweet) {
        return switch (tweet.getSentiment()) {
            case NEGATIVE -> tweet.getProbabilities().getNegative();
            case NEUTRAL -> tweet.getProbabilities().getNeutral();
            case POSITIVE -> tweet.getProbabilities().getPositive();
        };
    }

    static String of(Tweet tweet) {
        return String.format(
                Locale.ROOT,
                "%s  %-12s  %-3s  %-16s  %s",
                tweet.getCreatedAt(),
                UntrustedText.oneLine(tweet.getFeed()),
                tweet.getLanguage().map(UntrustedText::oneLine).orElse("-"),
                tweet.getAuthor()
                        .map(author -> "@" + UntrustedText.oneLine(author))
                        .orElse(""),
                UntrustedText.oneLine(tweet.getText()));
    }

    /** {@code 2024-08-15T22:24:00Z positive person ada what a day}. */
    static String of(LabeledTweet label) {
        return String.format(
                Locale.ROOT,
                "%s  %-8s  %-9s  %-12s  %s",
                label.getLabeledAt(),
                label.getLabel().toString().toLowerCase(Locale.ROOT),
                label.getLabeler().toString().toLowerCase(Locale.ROOT),
                UntrustedText.oneLine(label.getLabeledBy()),
                UntrustedText.oneLine(label.getText()));
    }

    /** {@code 2024-08-15T22:24:00Z bluesky at://did:plc:a/app.bsky.feed.post/b}. */
    static String of(DeletedTweet deletion) {
        return String.format(
                "%s  %-12s  %s",
                deletion.getDeletedAt(),
                UntrustedText.oneLine(deletion.getSource()),
                UntrustedText.oneLine(deletion.getId()));
    }

    /** {@code 2024-08-15T22:24:00Z election tweets.jsonl.gz} and the position in the source's own form. */
    static String of(SourcePosition position) {
        return String.format(
                "%s  %-12s  %s  %s",
                position.getRecordedAt(),
                UntrustedText.oneLine(position.getFeed()),
                UntrustedText.oneLine(position.getSource()),
                UntrustedText.oneLine(position.getPosition()));
    }

    /** {@code 2024-08-15T22:24:00Z apple active bluesky en,und apple -pear}. */
    static String of(FeedDefinition definition) {
        return String.format(
                "%s  %-12s  %-6s  %s  %s  %s",
                definition.getChangedAt(),
                UntrustedText.oneLine(definition.getName()),
                definition.getPaused() ? "paused" : "active",
                UntrustedText.oneLine(definition.getSource()),
                UntrustedText.oneLine(definition.getLanguages()),
                UntrustedText.oneLine(definition.getTrack()));
    }

    /** {@code round 3 2024-08-15T22:24:00Z 1000 labels published round-3-0123abcd: it gains …}. */
    static String of(TrainingRound round) {
        return String.format(
                Locale.ROOT,
                "round %d  %s  %d labels  %s: %s",
                round.getNumber(),
                round.getEndedAt(),
                round.getLabels(),
                round.getCandidate()
                        .map(version ->
                                (round.getPublished() ? "published " : "withheld ") + UntrustedText.oneLine(version))
                        .orElse("no model"),
                UntrustedText.oneLine(round.getBecause()));
    }

    /** {@code 2024-08-15T22:24:00Z rolled-back v1 from v2 by ada (http): it misreads sarcasm}. */
    static String of(AuditRecord record) {
        return String.format(
                "%s  %s %s  from %s  by %s (%s): %s",
                record.getAt(),
                UntrustedText.oneLine(record.getAction()),
                UntrustedText.oneLine(record.getVersion().orElse("no model")),
                UntrustedText.oneLine(record.getFrom().orElse("none")),
                UntrustedText.oneLine(record.getActor()),
                UntrustedText.oneLine(record.getChannel()),
                UntrustedText.oneLine(record.getReason()));
    }

    /** {@code election 10s from 22:24:00 42 tweets ██████▒▒▒░░░ 50 % positive, 25 % neutral, 25 % negative, by v1}. */
    public static String of(SentimentWindow window) {
        double count = Math.max(1, window.getCount());
        double positive = window.getPositive() / count;
        double neutral = window.getNeutral() / count;
        int first = (int) Math.round(positive * BAR);
        int second = (int) Math.round((positive + neutral) * BAR) - first;
        String versions = window.getModelVersions().size() == 1
                ? window.getModelVersions().keySet().iterator().next()
                : window.getModelVersions().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
                        .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%-12s  %4s from %s  %5d tweets  %s%s%s %3.0f %% positive, %.0f %% neutral, %.0f %% negative, by %s%s",
                UntrustedText.oneLine(window.getFeed()),
                brief(Duration.between(window.getStart(), window.getEnd())),
                window.getStart(),
                window.getCount(),
                "█".repeat(first),
                "▒".repeat(second),
                "░".repeat(BAR - first - second),
                100 * positive,
                100 * neutral,
                100 * window.getNegative() / count,
                UntrustedText.oneLine(versions),
                window.getClosed() ? ", final" : "");
    }

    /**
     * {@code election 1h from 22:00:00 420 tweets 12.1 % of tokens unknown, 18.0 % uncertain, PSI 0.31, drifts by psi}.
     */
    static String of(DriftWindow window) {
        return String.format(
                Locale.ROOT,
                "%-12s  %4s from %s  %5d tweets  %.1f %% of tokens unknown, %.1f %% uncertain, PSI %s%s",
                UntrustedText.oneLine(window.getFeed()),
                brief(Duration.between(window.getStart(), window.getEnd())),
                window.getStart(),
                window.getCount(),
                100 * window.getUnknownRate(),
                100 * window.getUncertainShare(),
                window.getPsi()
                        .map(psi -> String.format(Locale.ROOT, "%.2f", psi))
                        .orElse("unknown"),
                window.getAlarms().isEmpty()
                        ? ""
                        : ", drifts by " + UntrustedText.oneLine(String.join(", ", window.getAlarms())));
    }

    /** {@code 2024-08-15T22:24:31Z fired angry election: 63.0 % of 48 tweets are negative …}. */
    static String of(Alert alert) {
        return String.format(
                "%s  %-7s  %s%s: %s",
                alert.getAt(),
                lowerCase(alert.getState()),
                UntrustedText.oneLine(alert.getRule()),
                alert.getFeed().map(feed -> "  " + UntrustedText.oneLine(feed)).orElse(""),
                UntrustedText.oneLine(alert.getReason()));
    }

    /** {@code angry negative-share of election, threshold 0.6, for 3m}. */
    static String of(AlertRule rule) {
        return String.format(
                "%-12s  %s of %s, threshold %s, for %s",
                UntrustedText.oneLine(rule.getName()),
                lowerCase(rule.getCondition()).replace('_', '-'),
                rule.getFeed().map(UntrustedText::oneLine).orElse("each feed"),
                rule.getThreshold(),
                brief(Duration.ofMillis(rule.getDurationMs())));
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** {@code activation v1-0123abcd at 2024-08-15T22:24:00Z: it gains …}. */
    private static String of(String key, ModelRecord record) {
        Object content = record.getContent();
        if (content instanceof TensorChunk chunk)
            return String.format(
                    Locale.ROOT,
                    "chunk       %s  %,d bytes",
                    UntrustedText.oneLine(key),
                    chunk.getBytes().remaining());
        if (content instanceof ModelManifest manifest)
            return String.format(
                    "model       %s  published %s, %d tensors",
                    UntrustedText.oneLine(manifest.getVersion()),
                    manifest.getPublishedAt(),
                    manifest.getTensors().size());
        Activation activation = (Activation) content;
        return String.format(
                "%-10s  %s  at %s: %s",
                key.equals(ModelLog.SHADOW) ? "shadow" : "activation",
                UntrustedText.oneLine(activation.getVersion()),
                activation.getActivatedAt(),
                UntrustedText.oneLine(activation.getReason()));
    }

    /** {@code ingest malformed tweets.jsonl:61 the line is no JSON object | {"data": …}}. */
    public static String ofRejected(Headers headers, byte[] value) {
        String start = new String(value, 0, Math.min(value.length, LONGEST_REJECTED), StandardCharsets.UTF_8);
        return Rejection.readFrom(headers)
                        .map(found -> String.format(
                                "%-10s  %-13s  %-24s  %s",
                                found.by(),
                                found.reason().code(),
                                UntrustedText.oneLine(found.origin()),
                                UntrustedText.oneLine(found.detail())))
                        .orElse("without a reason")
                + "  |  " + UntrustedText.oneLine(start) + (value.length > LONGEST_REJECTED ? "…" : "");
    }

    /** {@code 10s}, {@code 1m}, {@code 1h}. */
    public static String brief(Duration duration) {
        return duration.toString().substring(2).toLowerCase(Locale.ROOT);
    }
}
