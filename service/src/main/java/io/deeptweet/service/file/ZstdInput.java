// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Decompresses zstd data, which may consist of several frames. The library's own stream takes a second frame that ends
 * early for the end of the data; this one fails.
 *
 * <p>Its window may have up to 128 MiB, which is the library's limit unless it is told another, and the most that
 * {@code zstd} uses without {@code --long=28} or more.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8878">RFC 8878</a>
 */
final class ZstdInput extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;

    private final InputStream in;
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private final byte[] input = new byte[BUFFER_BYTES];
    private final ByteBuffer source = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private final ByteBuffer target = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
    private boolean inFrame;

    ZstdInput(InputStream in) {
        this.in = in;
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
        while (!target.hasRemaining()) {
            // Within a frame, the decoder may hold more than the target had room for.
            if (inFrame || source.hasRemaining()) decompress();
            if (target.hasRemaining() || source.hasRemaining() || fill()) continue;
            if (inFrame) throw new EOFException();
            return -1;
        }
        int read = Math.min(length, target.remaining());
        target.get(bytes, offset, read);
        return read;
    }

    private void decompress() throws IOException {
        target.clear();
        try {
            inFrame = !context.decompressDirectByteBufferStream(target, source);
        } catch (ZstdException e) {
            // Its own message looks up the code with the wrong sign.
            throw new IOException(Zstd.getErrorName(-e.getErrorCode()), e);
        } finally {
            target.flip();
        }
    }

    private boolean fill() throws IOException {
        int read = in.read(input);
        if (read < 0) return false;
        source.clear().put(input, 0, read).flip();
        return true;
    }

    @Override
    public void close() throws IOException {
        context.close();
        in.close();
    }
}
