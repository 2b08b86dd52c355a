// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetDate;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.Delimiter;
import io.deeptweet.service.file.MalformedRecordException;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.file.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A record is a row of a table. Its first record names the columns, or it has a layout that is known. */
public final class TableFormat implements RecordFormat {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    /** Sentiment140's columns, which have no header: the label, id, date, query, user and text. */
    private static final Map<String, Integer> SENTIMENT140 = Map.of("id", 1, "created_at", 2, "author", 4, "text", 5);

    private static final int SENTIMENT140_WIDTH = 6;

    private final Delimiter delimiter;
    private final int width;
    private final Layout layout;
    private final TableKind kind;

    /**
     * Where the fields are.
     *
     * @param columns the position of each field's column, from 0
     * @param hasHeader whether the first record names the columns
     */
    private record Layout(Map<String, Integer> columns, boolean hasHeader) {}

    private TableFormat(Delimiter delimiter, List<String> first, Layout layout) {
        this.delimiter = delimiter;
        this.width = first.size();
        this.layout = layout;
        this.kind = TableKind.of(layout.hasHeader() ? first : List.of());
    }

    /**
     * Whether a first line is that of a table of several columns which names its columns, or whose layout is known.
     *
     * @param least of how many fields the columns must be known
     */
    static boolean recognises(String firstLine, Map<String, String> named, int least) {
        return Stream.of(Delimiter.values()).anyMatch(one -> recognises(firstLine, one, named, least));
    }

    /** What separates the fields: that by which the first line is recognised, or else the most usual one. */
    static Delimiter delimiter(String firstLine, Map<String, String> named) {
        Delimiter usual = Delimiter.ofHeader(firstLine);
        return Stream.concat(Stream.of(usual), Stream.of(Delimiter.values()))
                .filter(one -> recognises(firstLine, one, named, 1))
                .findFirst()
                .orElse(usual);
    }

    private static boolean recognises(String firstLine, Delimiter delimiter, Map<String, String> named, int least) {
        try {
            List<String> fields = delimiter.fields(firstLine.strip());
            return fields.size() > 1
                    && layout(fields, named)
                            .filter(layout -> layout.columns().size() >= least)
                            .isPresent();
        } catch (MalformedRecordException | IOException e) {
            return false;
        }
    }

    /**
     * The format of a table. Column names are compared without regard to case, blanks, dashes and underscores. An empty
     * file is a table without rows.
     *
     * @param first the first record, which names the columns unless the layout is known or the columns have numbers
     * @param named the names of columns by field, or their numbers from 1; the other fields are looked for by their
     *     usual names
     * @param encoding that of the header
     * @throws IOException if the header cannot be read, or lacks a named column or a column of texts
     */
    static TableFormat of(
            Optional<RawRecord> first, Delimiter delimiter, Map<String, String> named, RecordEncoding encoding)
            throws IOException {
        if (first.isEmpty()) return new TableFormat(delimiter, List.of(), new Layout(Map.of(), true));
        List<String> fields = fields(first.get(), delimiter, encoding);
        Layout layout = layout(fields, named)
                .orElseThrow(() -> new IOException("the file has no column of texts: its columns are "
                        + String.join(", ", fields) + "; name one with columns.text"));
        return new TableFormat(delimiter, fields, layout);
    }

    /** Empty if no column of texts is known. */
    private static Optional<Layout> layout(List<String> first, Map<String, String> named) throws IOException {
        if (!named.isEmpty()
                && named.values().stream().allMatch(name -> NUMBER.matcher(name).matches()))
            return Optional.of(new Layout(numbered(first.size(), named), false));
        Map<String, Integer> columns = columns(first, named);
        if (columns.containsKey("text")) return Optional.of(new Layout(columns, true));
        return isSentiment140(first) ? Optional.of(new Layout(SENTIMENT140, false)) : Optional.empty();
    }

    private static Map<String, Integer> numbered(int width, Map<String, String> named) throws IOException {
        Map<String, Integer> columns = new HashMap<>();
        for (Map.Entry<String, String> column : named.entrySet()) {
            int number = Integer.parseInt(column.getValue());
            if (number < 1 || number > width)
                throw new IOException("columns." + column.getKey() + " is " + number
                        + ", but the file's first line has " + width + " columns");
            columns.put(column.getKey(), number - 1);
        }
        if (!columns.containsKey("text"))
            throw new IOException("the columns have numbers, but columns.text is missing");
        return columns;
    }

    private static boolean isSentiment140(List<String> first) {
        return first.size() == SENTIMENT140_WIDTH
                && first.get(0).matches("[024]")
                && first.get(1).matches("\\d*")
                && (first.get(2).isBlank() || TweetDate.parse(first.get(2)).isPresent());
    }

    private static Map<String, Integer> columns(List<String> header, Map<String, String> named) throws IOException {
        List<String> names = header.stream().map(FieldNames::simplified).toList();
        Map<String, Integer> columns = new HashMap<>();
        for (String field : InputRecords.FIELDS) {
            Optional<String> given = Optional.ofNullable(named.get(field));
            List<String> candidates = given.map(List::of).orElse(FieldNames.USUAL.get(field));
            candidates.stream()
                    .map(FieldNames::simplified)
                    .filter(names::contains)
                    .findFirst()
                    .ifPresent(name -> columns.put(field, names.indexOf(name)));
            if (given.isPresent() && !columns.containsKey(field))
                throw new IOException(
                        "the file has no column " + given.get() + ": its columns are " + String.join(", ", header));
        }
        return columns;
    }

    private static List<String> fields(RawRecord header, Delimiter delimiter, RecordEncoding encoding)
            throws IOException {
        if (header.isCut())
            throw new IOException("the file's header has " + header.size() + " bytes, more than the largest record of "
                    + header.bytes().length);
        try {
            return delimiter.fields(Utf8.decode(encoding.utf8(header.bytes()))).stream()
                    .map(String::strip)
                    .toList();
        } catch (CharacterCodingException e) {
            throw new IOException("the file's header is not UTF-8", e);
        } catch (MalformedRecordException e) {
            throw new IOException("the file's header is " + e.getMessage(), e);
        }
    }

    /** Whether the first record names the columns. */
    boolean hasHeader() {
        return layout.hasHeader();
    }

    @Override
    public Content read(byte[] record) {
        return new Content("table", List.of(Part.of(() -> record, () -> fields(record))));
    }

    private TweetFields fields(byte[] record) throws InvalidTweetException {
        List<String> row = row(record);
        if (row.size() != width)
            throw new InvalidTweetException(Reason.MALFORMED, "the record has " + row.size() + " fields, not " + width);
        Optional<String> text = field(row, "text");
        return new TweetFields(
                field(row, "id"),
                text,
                field(row, "created_at"),
                field(row, "lang"),
                field(row, "author"),
                kind.kind(row, text.orElse("")));
    }

    private List<String> row(byte[] record) throws InvalidTweetException {
        try {
            return delimiter.fields(Utf8.decode(record));
        } catch (CharacterCodingException e) {
            throw new InvalidTweetException(Reason.MALFORMED, "not UTF-8");
        } catch (MalformedRecordException e) {
            throw new InvalidTweetException(Reason.MALFORMED, e.getMessage());
        }
    }

    private Optional<String> field(List<String> row, String name) {
        return Optional.ofNullable(layout.columns().get(name)).map(row::get).filter(value -> !value.isBlank());
    }
}
