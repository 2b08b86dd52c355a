// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a table holds labelled texts: which column is what, and which label means what. Labels are compared without
 * regard to case.
 *
 * @param delimiter between columns
 * @param quoted whether double quotes may enclose a field, line breaks included if the table has a header
 * @param header whether the first record names the columns
 * @param textColumn the text's column: its name, or without a header its number from 1
 * @param labelColumn the label's column, likewise
 * @param negative labels of negative texts
 * @param positive labels of positive texts
 * @param dropped labels of texts that are neither, which are left out
 * @param escapes whether texts may hold Java's escapes, such as <code>&#92;u2019</code>, for characters
 */
public record TableLayout(
        char delimiter,
        boolean quoted,
        boolean header,
        String textColumn,
        String labelColumn,
        Set<String> negative,
        Set<String> positive,
        Set<String> dropped,
        boolean escapes) {
    /**
     * Sentiment140's: {@code "target","id","date","flag","user","text"} without a header; 0 negative, 4 positive, 2
     * neutral.
     *
     * @see <a href="https://www-cs.stanford.edu/people/alecmgo/papers/TwitterDistantSupervision09.pdf">Go, Bhayani and
     *     Huang: Twitter Sentiment Classification using Distant Supervision, 2009</a>
     */
    public static final TableLayout SENTIMENT140 =
            new TableLayout(',', true, false, "6", "1", Set.of("0"), Set.of("4"), Set.of("2"), false);

    /**
     * TweetEval's sentiment task as one table: {@code id, label, text} between tabs without a header; 0 negative, 1
     * neutral, 2 positive.
     *
     * @see <a href="https://aclanthology.org/2020.findings-emnlp.148">Barbieri et al.: TweetEval, 2020</a>
     */
    public static final TableLayout TWEETEVAL =
            new TableLayout('\t', false, false, "3", "2", Set.of("0"), Set.of("2"), Set.of("1"), true);

    private static final Set<String> TEXT_NAMES = Set.of("text", "tweet", "sentence", "content");
    private static final Set<String> LABEL_NAMES = Set.of("sentiment", "label", "target", "airline_sentiment");
    private static final Set<String> NEGATIVE = Set.of("negative", "neg");
    private static final Set<String> POSITIVE = Set.of("positive", "pos");
    private static final Set<String> NEUTRAL = Set.of("neutral", "neu", "irrelevant");

    public TableLayout {
        negative = lower(negative);
        positive = lower(positive);
        dropped = lower(dropped);
        Set<String> seen = new HashSet<>();
        Stream.of(negative, positive, dropped).flatMap(Set::stream).forEach(label -> {
            if (!seen.add(label)) throw new IllegalArgumentException("the label " + label + " can't mean two things");
        });
    }

    /**
     * A table with a header; {@code negative}, {@code positive} and {@code neutral} are its labels, which can be
     * changed.
     */
    public static TableLayout named(char delimiter, String textColumn, String labelColumn) {
        return new TableLayout(delimiter, true, true, textColumn, labelColumn, NEGATIVE, POSITIVE, NEUTRAL, false);
    }

    /** The layout that a table's first line tells; empty if it tells none. */
    static Optional<TableLayout> ofFirstLine(String line) {
        char delimiter = delimiter(line);
        List<String> fields = DataSetReader.fields(line, delimiter, true)
                .or(() -> DataSetReader.fields(line, delimiter, false))
                .orElse(List.of());
        Optional<String> text = named(fields, TEXT_NAMES);
        Optional<String> label = named(fields, LABEL_NAMES);
        if (text.isPresent() && label.isPresent()) return Optional.of(named(delimiter, text.get(), label.get()));
        if (delimiter == ',' && fields.size() == 6 && Set.of("0", "2", "4").contains(fields.get(0)))
            return Optional.of(SENTIMENT140);
        if (delimiter == '\t' && fields.size() == 3 && Set.of("0", "1", "2").contains(fields.get(1)))
            return Optional.of(TWEETEVAL);
        return Optional.empty();
    }

    /** Where a known layout without a header has the tweets' ids. */
    Optional<String> idColumn() {
        if (header) return Optional.empty();
        if (textColumn.equals(SENTIMENT140.textColumn) && labelColumn.equals(SENTIMENT140.labelColumn))
            return Optional.of("2");
        return textColumn.equals(TWEETEVAL.textColumn) && labelColumn.equals(TWEETEVAL.labelColumn)
                ? Optional.of("1")
                : Optional.empty();
    }

    static char delimiter(String line) {
        return line.indexOf('\t') >= 0 ? '\t' : line.indexOf(',') < 0 && line.indexOf(';') >= 0 ? ';' : ',';
    }

    /** The same columns with other labels; an empty set keeps those of this layout that are not named anew. */
    public TableLayout withLabels(Set<String> negative, Set<String> positive, Set<String> dropped) {
        Set<String> renamed = new HashSet<>();
        Stream.of(negative, positive, dropped).map(TableLayout::lower).forEach(renamed::addAll);
        return new TableLayout(
                delimiter,
                quoted,
                header,
                textColumn,
                labelColumn,
                or(negative, this.negative, renamed),
                or(positive, this.positive, renamed),
                or(dropped, this.dropped, renamed),
                escapes);
    }

    private static Set<String> or(Set<String> given, Set<String> otherwise, Set<String> renamed) {
        if (!given.isEmpty()) return given;
        Set<String> kept = new HashSet<>(otherwise);
        kept.removeAll(renamed);
        return kept;
    }

    private static Optional<String> named(List<String> fields, Set<String> names) {
        return fields.stream()
                .filter(field -> names.contains(field.strip().toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    private static Set<String> lower(Set<String> labels) {
        Set<String> lower = new HashSet<>();
        labels.forEach(label -> lower.add(label.strip().toLowerCase(Locale.ROOT)));
        return Set.copyOf(lower);
    }
}
