// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/** Decompressed data of bounded size: a few bytes may unpack to more than anybody can read. */
final class LimitedInput extends InputStream {
    private final InputStream in;
    private final Path file;
    private final long limit;
    private long left;

    /**
     * @param file named in error messages
     * @param limit bytes
     */
    LimitedInput(InputStream in, Path file, long limit) {
        if (limit < 0) throw new IllegalArgumentException("the limit is " + limit + " bytes: use 0 or more");
        this.in = in;
        this.file = file;
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    /** Gives all bytes up to the limit before it fails. */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) return 0;
        if (left == 0 && in.read() >= 0)
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s unpacks to more than the limit of %,d bytes: unpack it, or raise the limit",
                    file,
                    limit));
        if (left == 0) return -1;
        int read = in.read(bytes, offset, (int) Math.min(length, left));
        if (read > 0) left -= read;
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
