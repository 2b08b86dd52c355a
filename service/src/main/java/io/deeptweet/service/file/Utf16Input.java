// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Turns UTF-16 into UTF-8. Half of a surrogate pair becomes the three bytes that the scheme of UTF-8 has for its number
 * (WTF-8). They are not UTF-8, so that {@link Utf8#decode} refuses the record that holds them, and no other; its bytes
 * still tell what the file holds.
 *
 * @see <a href="https://simonsapin.github.io/wtf-8/">The WTF-8 encoding</a>
 */
final class Utf16Input extends InputStream {
    private static final int MOST_BYTES_OF_UNIT = 3;

    private final InputStream in;
    private final Path file;
    private final boolean bigEndian;
    private final byte[] utf16 = new byte[1 << 13];
    /** Bytes at the start of {@link #utf16} that are part of a character. */
    private int kept;

    private final byte[] utf8 = new byte[utf16.length / 2 * MOST_BYTES_OF_UNIT];
    private int next;
    private int end;

    /**
     * @param in the text after its byte order mark
     * @param file named in error messages
     */
    Utf16Input(InputStream in, Path file, ByteOrder order) {
        this.in = in;
        this.file = file;
        this.bigEndian = order == ByteOrder.BIG_ENDIAN;
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
        while (next == end) if (!fill()) return -1;
        int read = Math.min(length, end - next);
        System.arraycopy(utf8, next, bytes, offset, read);
        next += read;
        return read;
    }

    private boolean fill() throws IOException {
        int read = in.read(utf16, kept, utf16.length - kept);
        boolean ended = read < 0;
        int available = kept + Math.max(read, 0);
        if (ended && available == 0) return false;
        if (ended && available == 1)
            throw new IOException(file + " is incomplete: it ends in the middle of a UTF-16 character");
        next = 0;
        end = 0;
        int at = 0;
        while (available - at >= 2) {
            char unit = unit(at);
            boolean pairPossible = Character.isHighSurrogate(unit) && !(ended && available - at < 4);
            if (pairPossible && available - at < 4) break;
            if (pairPossible && Character.isLowSurrogate(unit(at + 2))) {
                write(Character.toCodePoint(unit, unit(at + 2)));
                at += 4;
            } else {
                write(unit);
                at += 2;
            }
        }
        kept = available - at;
        System.arraycopy(utf16, at, utf16, 0, kept);
        return true;
    }

    private char unit(int at) {
        int first = Byte.toUnsignedInt(utf16[at]);
        int second = Byte.toUnsignedInt(utf16[at + 1]);
        return (char) (bigEndian ? (first << 8) | second : (second << 8) | first);
    }

    private void write(int character) {
        if (character < 0x80) utf8[end++] = (byte) character;
        else if (character < 0x800) {
            utf8[end++] = (byte) (0xc0 | (character >> 6));
            utf8[end++] = continuation(character);
        } else if (character < 0x10000) {
            utf8[end++] = (byte) (0xe0 | (character >> 12));
            utf8[end++] = continuation(character >> 6);
            utf8[end++] = continuation(character);
        } else {
            utf8[end++] = (byte) (0xf0 | (character >> 18));
            utf8[end++] = continuation(character >> 12);
            utf8[end++] = continuation(character >> 6);
            utf8[end++] = continuation(character);
        }
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3f));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
