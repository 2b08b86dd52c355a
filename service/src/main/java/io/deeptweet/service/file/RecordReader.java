// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits a stream of bytes into records: lines, or delimited records, in which a field in double quotes may contain
 * line ends (RFC 4180). A quote opens a field only as its first character: {@code 6" tall} is text. A quote is stray if
 * nothing closes it within the largest record, or if its field does not end where it is closed; then the record ends
 * with its line, so that a stray quote costs one record and not those that follow.
 *
 * <p>Keeps at most two records of the largest size in memory. Line ends are {@code \n} and {@code \r\n}. Not
 * thread-safe.
 */
public final class RecordReader {
    /** Where in a delimited record the last byte was. */
    private enum Place {
        FIELD_START,
        UNQUOTED,
        QUOTED,
        /** After a quote that closes the field, unless another one follows: two are one quote of the text. */
        QUOTE_IN_QUOTED,
        /** After the closing quote and white space. */
        CLOSED,
        /** After a closing quote that neither a delimiter nor the line end follows: the quotes are text. */
        BROKEN
    }

    private static final int BUFFER_BYTES = 1 << 16;
    /** Of a record that is kept: 1 GiB. */
    private static final int MOST_BYTES = 1 << 30;

    private final InputStream in;
    private final Optional<Delimiter> delimiter;
    private final int largest;
    private long line = 1;

    private RecordReader(InputStream in, Optional<Delimiter> delimiter, int largest) {
        if (largest < 1 || largest > MOST_BYTES)
            throw new IllegalArgumentException("the largest record is " + largest + ": use 1 to " + MOST_BYTES);
        this.in = in;
        this.delimiter = delimiter;
        this.largest = largest;
    }

    /**
     * Every line is a record.
     *
     * @param largest bytes of a record that are kept; the rest of a larger one is skipped
     */
    public static RecordReader ofLines(InputStream in, int largest) {
        return new RecordReader(buffered(in), Optional.empty(), largest);
    }

    /** Delimited records. */
    public static RecordReader ofDelimited(InputStream in, Delimiter delimiter, int largest) {
        return new RecordReader(buffered(in), Optional.of(delimiter), largest);
    }

    private static InputStream buffered(InputStream in) {
        return in instanceof BufferedInputStream ? in : new BufferedInputStream(in, BUFFER_BYTES);
    }

    /** The next record, which may be blank; empty at the end of the stream. */
    public Optional<RawRecord> next() throws IOException {
        return new Scan().read();
    }

    /** The next record that is not blank; empty at the end of the stream. */
    public Optional<RawRecord> nextNotBlank() throws IOException {
        Optional<RawRecord> next = next();
        while (next.isPresent() && next.get().isBlank()) next = next();
        return next;
    }

    /** Reads one record. */
    private final class Scan {
        private final long firstLine = line;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream(Math.min(256, largest));
        private long size;
        private Place place = Place.FIELD_START;
        /** The first line end within the current quoted field: where the record ends if the quote is stray. */
        private Optional<LineEnd> lineEnd = Optional.empty();

        Optional<RawRecord> read() throws IOException {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    line++;
                    if (place != Place.QUOTED || size > largest) return Optional.of(whole());
                    if (lineEnd.isEmpty()) markLineEnd();
                } else if (delimiter.isPresent()) {
                    place = placeAfter(b, delimiter.get().character());
                    if (place == Place.BROKEN && lineEnd.isPresent()) return Optional.of(upToLineEnd());
                }
                if (size++ < largest) kept.write(b);
                if (size > largest && lineEnd.isPresent()) return Optional.of(upToLineEnd());
            }
            if (place == Place.QUOTED && lineEnd.isPresent()) return Optional.of(upToLineEnd());
            return size == 0 ? Optional.empty() : Optional.of(whole());
        }

        private Place placeAfter(int b, char separator) {
            return switch (place) {
                case QUOTED -> b == '"' ? Place.QUOTE_IN_QUOTED : Place.QUOTED;
                case FIELD_START -> b == '"' ? Place.QUOTED : unquoted(b, separator);
                case QUOTE_IN_QUOTED -> b == '"' ? Place.QUOTED : closed(b, separator);
                case CLOSED -> closed(b, separator);
                case UNQUOTED, BROKEN -> unquoted(b, separator);
            };
        }

        private Place unquoted(int b, char separator) {
            return b == separator ? Place.FIELD_START : Place.UNQUOTED;
        }

        private Place closed(int b, char separator) {
            if (b != separator) return Character.isWhitespace(b) ? Place.CLOSED : Place.BROKEN;
            lineEnd = Optional.empty();
            return Place.FIELD_START;
        }

        private void markLineEnd() {
            lineEnd = Optional.of(new LineEnd((int) size, line));
            in.mark(largest + 1);
        }

        /**
         * Ends the record at the line end within the field of a stray quote. What follows is read again, but only once:
         * every quote in it is doubled, and a field that starts with a doubled quote ends on its line.
         */
        private RawRecord upToLineEnd() throws IOException {
            LineEnd last = lineEnd.orElseThrow();
            in.reset();
            line = last.nextLine();
            return record(Arrays.copyOf(kept.toByteArray(), last.size()), last.size());
        }

        private RawRecord whole() {
            return record(kept.toByteArray(), size);
        }

        private RawRecord record(byte[] bytes, long bytesInFile) {
            boolean windows = bytes.length == bytesInFile && bytes.length > 0 && bytes[bytes.length - 1] == '\r';
            return windows
                    ? new RawRecord(firstLine, Arrays.copyOf(bytes, bytes.length - 1), bytesInFile - 1)
                    : new RawRecord(firstLine, bytes, bytesInFile);
        }
    }

    /**
     * A line end within a record.
     *
     * @param size bytes of the record before it
     * @param nextLine number of the line after it
     */
    private record LineEnd(int size, long nextLine) {}
}
