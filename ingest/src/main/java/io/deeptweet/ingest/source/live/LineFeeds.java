// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.source.live;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Replaces the line ends {@code \r\n} and {@code \r} by {@code \n}: server-sent events may have any of them. */
final class LineFeeds extends FilterInputStream {
    private boolean afterReturn;

    LineFeeds(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) return 0;
        while (true) {
            int count = super.read(bytes, offset, length);
            if (count < 0) return count;
            int end = offset;
            for (int i = offset; i < offset + count; i++) {
                byte b = bytes[i];
                boolean second = b == '\n' && afterReturn;
                afterReturn = b == '\r';
                if (!second) bytes[end++] = afterReturn ? (byte) '\n' : b;
            }
            if (end > offset) return end - offset;
        }
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
