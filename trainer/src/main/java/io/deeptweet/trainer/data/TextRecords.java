// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import io.deeptweet.service.file.InputFile;
import io.deeptweet.service.file.RawRecord;
import io.deeptweet.service.file.RecordEncoding;
import io.deeptweet.service.file.RecordReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The records of a text file, plain or compressed, whose encoding is unknown: each record is decoded as
 * {@link RecordEncoding#ISO_8859_1} says.
 */
final class TextRecords implements Closeable {
    /** Bytes of a record that are read: 1 MiB, far more than a text with its columns has. */
    private static final int LARGEST = 1 << 20;

    private final InputStream in;
    private final RecordReader reader;

    private TextRecords(InputStream in, RecordReader reader) {
        this.in = in;
        this.reader = reader;
    }

    /**
     * A file's lines.
     *
     * @throws IOException if the file cannot be opened
     */
    static TextRecords lines(Path file) throws IOException {
        InputStream in = InputFile.open(file);
        return new TextRecords(in, RecordReader.ofLines(in, LARGEST));
    }

    /**
     * A table's records. A quoted field may contain line ends.
     *
     * @throws IOException as {@link #lines}
     */
    static TextRecords of(Path file, TableLayout layout) throws IOException {
        if (!layout.quoted()) return lines(file);
        InputStream in = InputFile.open(file);
        return new TextRecords(in, RecordReader.ofDelimited(in, layout.delimiter(), LARGEST));
    }

    /** The first line of a file that is not blank; blank if there is none. */
    static String firstLine(Path file) throws IOException {
        try (TextRecords lines = lines(file)) {
            Optional<String> line = lines.next();
            while (line.isPresent() && line.get().isBlank()) line = lines.next();
            return line.orElse("");
        }
    }

    /**
     * The next record without its line end; empty at the end of the file.
     *
     * @throws IOException if the file cannot be read; the message names it
     */
    Optional<String> next() throws IOException {
        return reader.next().map(TextRecords::decode);
    }

    private static String decode(RawRecord record) {
        return new String(RecordEncoding.ISO_8859_1.utf8(record.bytes()), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
