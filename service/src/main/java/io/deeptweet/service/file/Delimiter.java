// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The character that separates the fields of a delimited file. Fields may be enclosed in double quotes (RFC 4180).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
public enum Delimiter {
    COMMA(','),
    TAB('\t'),
    SEMICOLON(';');

    private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"");

    private final char character;

    @SuppressWarnings("ImmutableEnumChecker") // it is immutable, but not annotated so
    private final CSVFormat format;

    Delimiter(char character) {
        this.character = character;
        this.format = CSVFormat.DEFAULT.builder().setDelimiter(character).get();
    }

    /**
     * The delimiter of a file: a tab if its {@linkplain InputFile#plainName plain name} ends in {@code .tsv}, else what
     * {@link #ofHeader(String)} finds.
     *
     * @param firstLine the file's first line
     */
    public static Delimiter of(Path file, String firstLine) {
        return InputFile.plainName(file).endsWith(".tsv") ? TAB : ofHeader(firstLine);
    }

    /** The delimiter of a first line: a tab if there is one outside of quotes, else a comma, else a semicolon. */
    public static Delimiter ofHeader(String firstLine) {
        String unquoted = QUOTED.matcher(firstLine).replaceAll("");
        if (unquoted.indexOf('\t') >= 0) return TAB;
        return unquoted.indexOf(',') < 0 && unquoted.indexOf(';') >= 0 ? SEMICOLON : COMMA;
    }

    /** The delimiter that a character is; a comma for any other one. */
    public static Delimiter of(char character) {
        return switch (character) {
            case '\t' -> TAB;
            case ';' -> SEMICOLON;
            default -> COMMA;
        };
    }

    /** {@code ,}, a tab or {@code ;}. */
    public char character() {
        return character;
    }

    /**
     * Splits a record into its fields, without the quotes that enclose them.
     *
     * @param record one record, which may hold line ends within quotes
     * @throws MalformedRecordException if it is not exactly one record, such as one with a quote that is never closed
     */
    public List<String> fields(String record) throws MalformedRecordException {
        try (CSVParser parser = CSVParser.parse(record, format)) {
            List<CSVRecord> records = parser.getRecords();
            if (records.size() != 1)
                throw new MalformedRecordException("not one delimited record but " + records.size(), null);
            return records.get(0).toList();
        } catch (IOException | IllegalStateException e) {
            throw new MalformedRecordException("not a delimited record: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new MalformedRecordException(
                    "not a delimited record: " + e.getCause().getMessage(), e);
        }
    }
}
