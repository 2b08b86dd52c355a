// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Splits a stream of bytes into records: lines, or with quotes CSV records, in which a line ends only outside of quotes
 * (RFC 4180). As there, a quote means something only where a field begins and within what it opened: {@code 6" tall} is
 * text. Holds one record of limited size in memory, whatever the stream holds. Records are given without their line
 * end.
 */
final class RecordReader {
    /**
     * A record as it came.
     *
     * @param line number of its first line, from 1
     * @param bytes all of it, or its beginning if it is too large
     * @param size how many bytes it has
     */
    record Raw(long line, byte[] bytes, long size) {
        boolean cut() {
            return size > bytes.length;
        }
    }

    private final InputStream in;
    private final boolean quoted;
    private final int largest;
    private long lines;

    /**
     * @param quoted whether a line end within double quotes belongs to the record, whose fields commas or tabs separate
     * @param largest how many bytes of a record are kept
     */
    RecordReader(InputStream in, boolean quoted, int largest) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.quoted = quoted;
        this.largest = largest;
    }

    /** The next record; empty at the end. */
    Optional<Raw> next() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        long first = lines + 1;
        long size = 0;
        boolean open = false;
        boolean justClosed = false; // then another quote opens again: "" within quotes is a quote
        int last = -1;
        for (int b = in.read(); ; b = in.read()) {
            if (b < 0 && size == 0) return Optional.empty();
            if (b < 0 || b == '\n') lines++;
            // An open quote in a record that grew too large is a stray one: the rest of the file must not be swallowed.
            if (b < 0 || (b == '\n' && !(open && size <= largest))) break;
            if (quoted) {
                boolean fieldBegins = last == -1 || last == ',' || last == '\t';
                boolean wasOpen = open;
                if (b == '"') open = !open && (fieldBegins || justClosed);
                justClosed = wasOpen && !open;
            }
            if (size++ < largest) bytes.write(b);
            last = b;
        }
        byte[] record = bytes.toByteArray();
        if (last == '\r' && record.length == size) {
            size--;
            record = Arrays.copyOf(record, record.length - 1);
        }
        return Optional.of(new Raw(first, record, size));
    }
}
