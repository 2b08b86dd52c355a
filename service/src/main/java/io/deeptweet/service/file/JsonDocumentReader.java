// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Splits JSON documents, which may take many lines, into records: the elements of arrays, and objects outside of
 * arrays. Text such as {@code window.YTD.tweets.part0 =} before an array is skipped. A record has the bytes that the
 * stream holds, and is not parsed: whether it is JSON is found out later.
 *
 * <p>JSON has no line ends within a text. Where one is, a quote is missing: the record ends there, and the next one
 * begins at the next line with a <code>{</code>. So it does where an object begins instead of a name. Keeps one record
 * in memory. Not thread-safe.
 */
public final class JsonDocumentReader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int NONE = -1;
    /** Deeper nesting is refused by parsers. */
    private static final int DEEPEST = 1 << 16;

    private final InputStream in;
    private final int largest;
    private long line = 1;
    /** Arrays that enclose the next record: 0 or 1. */
    private boolean inArray;

    private int pushedBack = NONE;

    /** @param largest bytes of a record that are kept; the rest of a larger one is skipped */
    public JsonDocumentReader(InputStream in, int largest) {
        if (largest < 1) throw new IllegalArgumentException("the largest record is " + largest + ": use 1 or more");
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in, BUFFER_BYTES);
        this.largest = largest;
    }

    /** The next record; empty at the end of the stream. */
    public Optional<RawRecord> next() throws IOException {
        while (true) {
            int b = read();
            if (b < 0) return Optional.empty();
            if (Character.isWhitespace(b) || b == ',' || b == ';' || b == '}') continue;
            if (b == '[' && !inArray) {
                inArray = true;
            } else if (b == ']' && inArray) {
                inArray = false;
            } else {
                Optional<RawRecord> record = new Scan(b).read();
                if (record.isPresent()) return record;
            }
        }
    }

    private int read() throws IOException {
        if (pushedBack >= 0) {
            int b = pushedBack;
            pushedBack = NONE;
            return b;
        }
        int b = in.read();
        if (b == '\n') line++;
        return b;
    }

    /** Reads one record. */
    private final class Scan {
        private final long firstLine = line;
        private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private final int first;
        private long size;

        Scan(int first) {
            this.first = first;
            keep(first);
        }

        private void keep(int b) {
            if (size++ < largest) kept.write(b);
        }

        /** Empty if it was only the assignment before an array. */
        Optional<RawRecord> read() throws IOException {
            if (first == '{' || first == '[') return Optional.of(container());
            return first == '"' ? Optional.of(quoted()) : word();
        }

        private RawRecord container() throws IOException {
            StringBuilder open = new StringBuilder().append((char) first);
            int last = first;
            while (open.length() > 0) {
                int b = JsonDocumentReader.this.read();
                if (b < 0) break;
                boolean object = open.charAt(open.length() - 1) == '{';
                if (b == '{' && object && (last == ',' || last == '{')) {
                    pushedBack = b; // a brace is missing before: an object has names where this stands
                    break;
                }
                keep(b);
                if (b == '"') {
                    if (!skipText()) {
                        skipToNextObject();
                        break;
                    }
                } else if (b == '{' || b == '[') {
                    if (open.length() < DEEPEST) open.append((char) b);
                } else if (b == '}' || b == ']') {
                    open.setLength(open.length() - 1);
                }
                if (!Character.isWhitespace(b)) last = b;
            }
            return record();
        }

        private RawRecord quoted() throws IOException {
            if (!skipText()) skipToNextObject();
            return record();
        }

        /** Reads up to the closing quote. False if a line or the stream ends before. */
        private boolean skipText() throws IOException {
            while (true) {
                int b = JsonDocumentReader.this.read();
                if (b < 0 || b == '\n') return false;
                keep(b);
                if (b == '"') return true;
                if (b != '\\') continue;
                int escaped = JsonDocumentReader.this.read();
                if (escaped < 0 || escaped == '\n') return false;
                keep(escaped);
            }
        }

        /** Skips lines up to one whose first character begins an object. These belong to the damaged record. */
        private void skipToNextObject() throws IOException {
            while (true) {
                in.mark(1);
                int b = in.read();
                if (b < 0) return;
                if (b == '{') {
                    in.reset();
                    return;
                }
                if (Character.isWhitespace(b)) {
                    if (b == '\n') line++;
                    continue;
                }
                keep('\n');
                for (; b >= 0 && b != '\n'; b = in.read()) keep(b);
                if (b == '\n') line++;
            }
        }

        /** A number, a name, or anything else up to a separator; outside of arrays up to the line's end. */
        private Optional<RawRecord> word() throws IOException {
            while (true) {
                in.mark(1);
                int b = in.read();
                if (b < 0) break;
                if (b == '\n' || (inArray && (b == ',' || b == ']'))) {
                    in.reset();
                    break;
                }
                keep(b);
                if (b == '=' && !inArray) return Optional.empty();
            }
            return Optional.of(record());
        }

        private RawRecord record() {
            return new RawRecord(firstLine, kept.toByteArray(), size);
        }
    }
}
