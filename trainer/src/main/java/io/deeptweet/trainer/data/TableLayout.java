// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.service.file.Delimiter;
import io.deeptweet.service.file.MalformedRecordException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The columns and labels of a table of labelled texts. The case of labels does not matter.
 *
 * @param quoted whether double quotes may enclose a field, which then may contain delimiters and line ends
 * @param header whether the first record has the columns' names
 * @param textColumn the texts' column: its name, or without a header its number from 1
 * @param labelColumn the labels' column, likewise
 * @param negative labels of negative texts
 * @param positive labels of positive texts
 * @param neutral labels of texts that are neither
 * @param escapes whether texts have Java's escapes, such as <code>&#92;u2019</code>, for characters
 */
public record TableLayout(
        Delimiter delimiter,
        boolean quoted,
        boolean header,
        String textColumn,
        String labelColumn,
        Set<String> negative,
        Set<String> positive,
        Set<String> neutral,
        boolean escapes) {
    /**
     * Sentiment140's: {@code "target","id","date","flag","user","text"} without a header; 0 negative, 4 positive, 2
     * neutral.
     *
     * @see <a href="https://www-cs.stanford.edu/people/alecmgo/papers/TwitterDistantSupervision09.pdf">Go, Bhayani and
     *     Huang: Twitter Sentiment Classification using Distant Supervision, 2009</a>
     */
    public static final TableLayout SENTIMENT140 =
            new TableLayout(Delimiter.COMMA, true, false, "6", "1", Set.of("0"), Set.of("4"), Set.of("2"), false);

    /**
     * TweetEval's sentiment task as one table: {@code id, label, text} between tabs without a header; 0 negative, 1
     * neutral, 2 positive.
     *
     * @see <a href="https://aclanthology.org/2020.findings-emnlp.148">Barbieri et al.: TweetEval, 2020</a>
     */
    public static final TableLayout TWEETEVAL =
            new TableLayout(Delimiter.TAB, false, false, "3", "2", Set.of("0"), Set.of("2"), Set.of("1"), true);

    private static final Set<String> TEXT_NAMES = Set.of("text", "tweet", "sentence", "content");
    private static final Set<String> LABEL_NAMES = Set.of("sentiment", "label", "target", "airline_sentiment");
    private static final Set<String> NEGATIVE = Set.of("negative", "neg");
    private static final Set<String> POSITIVE = Set.of("positive", "pos");
    private static final Set<String> NEUTRAL = Set.of("neutral", "neu", "irrelevant");

    /** As {@link #TWEETEVAL}, but the labels are words such as {@code negative}, and texts have no escapes. */
    public static final TableLayout IN_WORDS =
            new TableLayout(Delimiter.TAB, false, false, "3", "2", NEGATIVE, POSITIVE, NEUTRAL, false);

    public TableLayout {
        negative = lower(negative);
        positive = lower(positive);
        neutral = lower(neutral);
        Set<String> seen = new HashSet<>();
        Stream.of(negative, positive, neutral).flatMap(Set::stream).forEach(label -> {
            if (!seen.add(label))
                throw new IllegalArgumentException("the label " + label + " has two meanings: give it one");
        });
    }

    /** A table with a header, whose labels are {@code negative}, {@code positive} and {@code neutral}. */
    public static TableLayout named(Delimiter delimiter, String textColumn, String labelColumn) {
        return new TableLayout(delimiter, true, true, textColumn, labelColumn, NEGATIVE, POSITIVE, NEUTRAL, false);
    }

    /** The layout of a table, by its first line; empty if it is unknown. */
    static Optional<TableLayout> ofFirstLine(Path file, String line) {
        Delimiter delimiter = Delimiter.of(file, line);
        List<String> fields = fields(line, delimiter);
        Optional<String> text = find(fields, TEXT_NAMES);
        Optional<String> label = find(fields, LABEL_NAMES);
        if (text.isPresent() && label.isPresent()) return Optional.of(named(delimiter, text.get(), label.get()));
        if (delimiter == Delimiter.COMMA
                && fields.size() == 6
                && Set.of("0", "2", "4").contains(fields.get(0))) return Optional.of(SENTIMENT140);
        if (delimiter != Delimiter.TAB || fields.size() != 3) return Optional.empty();
        return Stream.of(TWEETEVAL, IN_WORDS)
                .filter(layout -> layout.sentiment(lower(fields.get(1))).isPresent())
                .findFirst();
    }

    private static List<String> fields(String line, Delimiter delimiter) {
        try {
            return delimiter.fields(line);
        } catch (MalformedRecordException e) {
            return List.of(line.split(String.valueOf(delimiter.character()), -1));
        }
    }

    private static Optional<String> find(List<String> fields, Set<String> names) {
        return fields.stream()
                .filter(field -> names.contains(field.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /**
     * The class of a label; empty if it is none of the layout's.
     *
     * @param label in lower case
     */
    Optional<SentimentClass> sentiment(String label) {
        if (negative.contains(label)) return Optional.of(SentimentClass.NEGATIVE);
        if (neutral.contains(label)) return Optional.of(SentimentClass.NEUTRAL);
        return positive.contains(label) ? Optional.of(SentimentClass.POSITIVE) : Optional.empty();
    }

    /** The number of the ids' column of a known layout without a header; empty for others. */
    Optional<String> idColumn() {
        if (header) return Optional.empty();
        if (hasColumnsOf(SENTIMENT140)) return Optional.of("2");
        return hasColumnsOf(TWEETEVAL) ? Optional.of("1") : Optional.empty();
    }

    private boolean hasColumnsOf(TableLayout other) {
        return textColumn.equals(other.textColumn) && labelColumn.equals(other.labelColumn);
    }

    /**
     * The same columns with other labels. An empty set keeps this layout's labels, without those that another set
     * names.
     *
     * @throws IllegalArgumentException if a label is in two sets
     */
    public TableLayout withLabels(Set<String> negative, Set<String> positive, Set<String> neutral) {
        Set<String> given = new HashSet<>();
        Stream.of(negative, positive, neutral)
                .flatMap(Set::stream)
                .map(TableLayout::lower)
                .forEach(given::add);
        return new TableLayout(
                delimiter,
                quoted,
                header,
                textColumn,
                labelColumn,
                labels(negative, this.negative, given),
                labels(positive, this.positive, given),
                labels(neutral, this.neutral, given),
                escapes);
    }

    private static Set<String> labels(Set<String> named, Set<String> otherwise, Set<String> given) {
        if (!named.isEmpty()) return named;
        Set<String> kept = new HashSet<>(otherwise);
        kept.removeAll(given);
        return kept;
    }

    private static Set<String> lower(Set<String> labels) {
        return labels.stream().map(TableLayout::lower).collect(Collectors.toUnmodifiableSet());
    }

    /** A label as layouts compare it: without spaces around it, in lower case. */
    static String lower(String label) {
        return label.strip().toLowerCase(Locale.ROOT);
    }
}
