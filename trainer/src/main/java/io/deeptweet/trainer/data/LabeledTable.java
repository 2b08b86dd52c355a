// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.model.score.SentimentClass;
import io.deeptweet.service.file.MalformedRecordException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Reads the labelled texts of one table, record by record. */
final class LabeledTable {
    private static final int LABELS_SHOWN = 8;
    private static final Set<String> ID_NAMES = Set.of("id", "tweet_id", "textid");
    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private final Path file;
    private final TableLayout layout;
    private final List<LabeledText> texts = new ArrayList<>();
    private final List<Optional<String>> ids = new ArrayList<>();
    private final Map<String, Integer> dropped = new LinkedHashMap<>();
    private final TreeSet<String> otherLabels = new TreeSet<>();
    private int rows;

    /** Indices of the columns, from 0. */
    private record Columns(int text, int label, OptionalInt id) {}

    private LabeledTable(Path file, TableLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * The table's labelled texts.
     *
     * @param idColumn of the tweets' ids, as a layout names columns; empty for the layout's own, or the one that the
     *     header calls id, tweet_id or textID
     * @throws IOException if the file cannot be read
     * @throws DataException if it lacks the layout's columns, or has no labelled text
     */
    static DataSetWithIds read(Path file, TableLayout layout, Optional<String> idColumn) throws IOException {
        LabeledTable table = new LabeledTable(file, layout);
        try (TextRecords records = TextRecords.of(file, layout)) {
            Optional<List<String>> record = table.next(records);
            Columns columns = table.columns(record.orElse(List.of()), idColumn);
            if (layout.header()) record = table.next(records);
            for (; record.isPresent(); record = table.next(records)) table.add(record.get(), columns);
        }
        return table.result();
    }

    /** The fields of the next record that is not blank; none if it is malformed; empty at the end. */
    private Optional<List<String>> next(TextRecords records) throws IOException {
        Optional<String> record = records.next();
        while (record.isPresent() && record.get().isBlank()) record = records.next();
        return record.map(text -> fields(text, layout));
    }

    private static List<String> fields(String record, TableLayout layout) {
        if (!layout.quoted()) return unquotedFields(record, layout);
        try {
            return layout.delimiter().fields(record);
        } catch (MalformedRecordException e) {
            return List.of();
        }
    }

    private static List<String> unquotedFields(String record, TableLayout layout) {
        String delimiter = String.valueOf(layout.delimiter().character());
        return Arrays.asList(record.split(Pattern.quote(delimiter), -1));
    }

    private Columns columns(List<String> firstRecord, Optional<String> idColumn) {
        if (!layout.header())
            return new Columns(
                    number(layout.textColumn()),
                    number(layout.labelColumn()),
                    idColumn.or(layout::idColumn)
                            .map(column -> OptionalInt.of(number(column)))
                            .orElse(OptionalInt.empty()));
        List<String> header = firstRecord.stream().map(String::strip).toList();
        OptionalInt id = idColumn.isPresent()
                ? OptionalInt.of(column(header, idColumn.get()))
                : IntStream.range(0, header.size())
                        .filter(i -> ID_NAMES.contains(header.get(i).toLowerCase(Locale.ROOT)))
                        .findFirst();
        return new Columns(column(header, layout.textColumn()), column(header, layout.labelColumn()), id);
    }

    private int column(List<String> header, String name) {
        return IntStream.range(0, header.size())
                .filter(i -> header.get(i).equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new DataException(
                        file + " has no column " + name + ": its columns are " + String.join(", ", header)));
    }

    private int number(String column) {
        if (!column.matches("[1-9][0-9]{0,3}"))
            throw new DataException("column " + column + " of " + file
                    + " is not a number: use a number from 1, as the table has no header");
        return Integer.parseInt(column) - 1;
    }

    private void add(List<String> fields, Columns columns) {
        rows++;
        if (fields.size() <= Math.max(columns.text, columns.label)) {
            drop(DroppedRows.MALFORMED);
            return;
        }
        String label = TableLayout.lower(fields.get(columns.label));
        String text = layout.escapes() ? unescaped(fields.get(columns.text)) : fields.get(columns.text);
        Optional<SentimentClass> sentiment = layout.sentiment(label);
        if (sentiment.isEmpty()) {
            drop(DroppedRows.OTHER_LABEL);
            if (otherLabels.size() < LABELS_SHOWN) otherLabels.add(label);
        } else if (text.isBlank()) {
            drop(DroppedRows.NO_TEXT);
        } else {
            texts.add(new LabeledText(text, sentiment.get()));
            ids.add(
                    columns.id.isPresent() && columns.id.getAsInt() < fields.size()
                            ? Optional.of(fields.get(columns.id.getAsInt()).strip())
                                    .filter(id -> !id.isEmpty())
                            : Optional.empty());
        }
    }

    private void drop(String reason) {
        dropped.merge(reason, 1, Integer::sum);
    }

    private DataSetWithIds result() {
        if (texts.isEmpty())
            throw new DataException(file + " has no text with a label of " + layout.negative() + ", "
                    + layout.neutral() + " or " + layout.positive()
                    + (otherLabels.isEmpty()
                            ? ""
                            : ": its labels are " + otherLabels
                                    + "; name them with --negative, --neutral and --positive"));
        String name = file.getFileName().toString();
        return new DataSetWithIds(
                new DataSet(name, rows, LabeledText.ofOneSet(name, texts), new DroppedRows(dropped)), ids);
    }

    /** Replaces Java's escapes, such as <code>&#92;u2019</code>, by their characters. */
    static String unescaped(String text) {
        return ESCAPE.matcher(text)
                .replaceAll(match ->
                        Matcher.quoteReplacement(Character.toString((char) Integer.parseInt(match.group(1), 16))));
    }
}
