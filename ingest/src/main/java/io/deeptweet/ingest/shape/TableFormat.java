// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import io.deeptweet.ingest.tweet.InvalidTweetException;
import io.deeptweet.ingest.tweet.TweetFields;
import io.deeptweet.schemas.TweetKind;
import io.deeptweet.schemas.reject.Rejection.Reason;
import io.deeptweet.service.file.Delimiter;
import io.deeptweet.service.file.MalformedRecordException;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordReader;
import io.deeptweet.service.file.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A record is a row of a table, whose header names the columns. */
public final class TableFormat implements RecordFormat {
    /** The fields that a column may hold. */
    public static final List<String> FIELDS = List.of("id", "text", "created_at", "lang", "author");

    private final Delimiter delimiter;
    private final int width;
    /** The position of each field's column. */
    private final Map<String, Integer> columns;

    private TableFormat(Delimiter delimiter, int width, Map<String, Integer> columns) {
        this.delimiter = delimiter;
        this.width = width;
        this.columns = columns;
    }

    /**
     * Reads the header. Column names are compared without regard to case. An empty file is a table without rows.
     *
     * @param named the names of columns by field; the other fields are looked for by their usual names
     * @throws IOException if the header cannot be read, or lacks a named column or a column of texts
     */
    public static TableFormat ofHeader(RecordReader reader, Map<String, String> named) throws IOException {
        Delimiter delimiter = reader.delimiter().orElseThrow();
        Optional<RawRecord> header = reader.nextNotBlank();
        if (header.isEmpty()) return new TableFormat(delimiter, 0, Map.of());
        List<String> names = names(header.get(), delimiter);
        return new TableFormat(delimiter, names.size(), columns(names, named));
    }

    private static Map<String, Integer> columns(List<String> names, Map<String, String> named) throws IOException {
        Map<String, Integer> columns = new HashMap<>();
        for (String field : FIELDS) {
            Optional<String> given = Optional.ofNullable(named.get(field));
            List<String> candidates =
                    given.map(name -> List.of(name.toLowerCase(Locale.ROOT))).orElse(FieldNames.USUAL.get(field));
            candidates.stream()
                    .filter(names::contains)
                    .findFirst()
                    .ifPresent(name -> columns.put(field, names.indexOf(name)));
            if (given.isPresent() && !columns.containsKey(field))
                throw new IOException(
                        "the file has no column " + given.get() + ": its columns are " + String.join(", ", names));
        }
        if (!columns.containsKey("text"))
            throw new IOException("the file has no column of texts: its columns are " + String.join(", ", names)
                    + "; name one with columns.text");
        return columns;
    }

    private static List<String> names(RawRecord header, Delimiter delimiter) throws IOException {
        if (header.isCut())
            throw new IOException("the file's header has " + header.size() + " bytes, more than the largest record of "
                    + header.bytes().length);
        try {
            return delimiter.fields(header.utf8()).stream()
                    .map(name -> name.strip().toLowerCase(Locale.ROOT))
                    .toList();
        } catch (CharacterCodingException e) {
            throw new IOException("the file's header is not UTF-8", e);
        } catch (MalformedRecordException e) {
            throw new IOException("the file's header is " + e.getMessage(), e);
        }
    }

    @Override
    public Content read(byte[] record) {
        return new Content("table", List.of(Part.of(() -> record, () -> fields(record))));
    }

    private TweetFields fields(byte[] record) throws InvalidTweetException {
        List<String> row = row(record);
        if (row.size() != width)
            throw new InvalidTweetException(Reason.MALFORMED, "the record has " + row.size() + " fields, not " + width);
        return new TweetFields(
                field(row, "id"),
                field(row, "text"),
                field(row, "created_at"),
                field(row, "lang"),
                field(row, "author"),
                TweetKind.POST);
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
        return Optional.ofNullable(columns.get(name)).map(row::get).filter(value -> !value.isBlank());
    }
}
