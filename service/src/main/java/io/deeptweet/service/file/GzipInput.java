// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip data, which may consist of several members, and checks every member.
 * {@link java.util.zip.GZIPInputStream} takes a damaged second member for the end of the data; this stream fails and
 * says at which byte of the file. Only zero bytes may follow the last member, as some archives pad with them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipInput extends InputStream {
    private static final int MAGIC_1 = 0x1f;
    private static final int MAGIC_2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int FLAG_HEADER_CHECKSUM = 2;
    private static final int FLAG_EXTRA_FIELD = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;
    private static final int RESERVED_FLAGS = 0xe0;

    private final InputStream in;
    private final Path file;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final CRC32 headerChecksum = new CRC32();
    private final byte[] input = new byte[1 << 16];
    private int next;
    private int end;
    /** Bytes of the file before {@link #input}. */
    private long before;

    private boolean inMember;
    private boolean ended;

    /** Whether the stream starts with gzip data. The stream must support marks; its position does not change. */
    static boolean recognises(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == MAGIC_1 && in.read() == MAGIC_2;
        in.reset();
        return gzip;
    }

    /** @param file named in error messages */
    GzipInput(InputStream in, Path file) {
        this.in = in;
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) return 0;
        while (!ended) {
            if (!inMember) startMember();
            else if (inflater.finished()) endMember();
            else {
                int inflated = inflate(bytes, offset, length);
                if (inflated > 0) return inflated;
            }
        }
        return -1;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        if (inflater.needsInput()) {
            if (next == end && !fill()) throw incomplete();
            inflater.setInput(input, next, end - next);
            next = end;
        }
        try {
            int inflated = inflater.inflate(bytes, offset, length);
            if (inflater.needsDictionary()) throw damaged("it asks for a dictionary");
            checksum.update(bytes, offset, inflated);
            return inflated;
        } catch (DataFormatException e) {
            next = end - inflater.getRemaining();
            throw damaged(e.getMessage());
        }
    }

    private void startMember() throws IOException {
        if (next == end && !fill()) {
            ended = true;
            return;
        }
        if (input[next] == 0 && position() > 0) {
            skipPadding();
            return;
        }
        headerChecksum.reset();
        if (required() != MAGIC_1 || required() != MAGIC_2 || required() != DEFLATE)
            throw damaged("there is no gzip member, and it is not the end of the file");
        int flags = required();
        if ((flags & RESERVED_FLAGS) != 0) throw damaged("the member's header has unknown flags");
        skip(6); // modification time, extra flags, operating system
        if ((flags & FLAG_EXTRA_FIELD) != 0) skip(required() | (required() << 8));
        if ((flags & FLAG_NAME) != 0) skipText();
        if ((flags & FLAG_COMMENT) != 0) skipText();
        if ((flags & FLAG_HEADER_CHECKSUM) != 0) checkHeader();
        inflater.reset();
        checksum.reset();
        inMember = true;
    }

    private void checkHeader() throws IOException {
        long expected = headerChecksum.getValue() & 0xffff;
        int found = required() | (required() << 8);
        if (found != expected) throw damaged("the checksum of the member's header is another");
    }

    private void endMember() throws IOException {
        next = end - inflater.getRemaining();
        if (littleEndian() != checksum.getValue()) throw damaged("the checksum of the data is another");
        if (littleEndian() != (inflater.getBytesWritten() & 0xffff_ffffL)) throw damaged("the length is another");
        inMember = false;
    }

    private void skipPadding() throws IOException {
        do {
            for (; next < end; next++)
                if (input[next] != 0) throw damaged("zero bytes are followed by something that is not gzip data");
        } while (fill());
        ended = true;
    }

    private void skipText() throws IOException {
        while (required() != 0) {
            // up to the zero byte
        }
    }

    private void skip(int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) required();
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int i = 0; i < 4; i++) value |= (long) required() << (8 * i);
        return value;
    }

    private int required() throws IOException {
        if (next == end && !fill()) throw incomplete();
        headerChecksum.update(input[next]);
        return Byte.toUnsignedInt(input[next++]);
    }

    private boolean fill() throws IOException {
        int read = in.read(input);
        if (read < 0) return false;
        before += end;
        next = 0;
        end = read;
        return true;
    }

    private long position() {
        return before + next;
    }

    private IOException incomplete() {
        EOFException cause = new EOFException();
        return new IOException(
                file + " is incomplete: it ends at byte " + position() + ", in the middle of its gzip data", cause);
    }

    private IOException damaged(String how) {
        ZipException cause = new ZipException(how);
        return new IOException(file + " holds damaged gzip data near byte " + position() + ": " + how, cause);
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
