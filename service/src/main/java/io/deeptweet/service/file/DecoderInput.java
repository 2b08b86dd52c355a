// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import io.deeptweet.schemas.text.UntrustedText;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.tukaani.xz.MemoryLimitException;

/**
 * Reads compressed data by a library's decoder. Whatever the decoder makes of damaged data, also an exception that is
 * none of input, becomes an {@link IOException} whose message is a sentence.
 */
final class DecoderInput extends InputStream {
    /** Opens a decoder, which may read from its stream already. */
    interface Decoder {
        InputStream open(InputStream raw) throws IOException;
    }

    private final String format;
    private final Raw raw;
    private final Path file;
    private final Decoder decoder;
    /** Empty before the first read. */
    private Optional<InputStream> decoded = Optional.empty();

    /**
     * @param format its name, for error messages
     * @param file named in error messages
     */
    DecoderInput(String format, InputStream in, Path file, Decoder decoder) {
        this.format = format;
        this.raw = new Raw(in);
        this.file = file;
        this.decoder = decoder;
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
        try {
            if (decoded.isEmpty()) decoded = Optional.of(decoder.open(raw));
            return decoded.get().read(bytes, offset, length);
        } catch (MemoryLimitException e) {
            throw new IOException(
                    file + " needs " + e.getMemoryNeeded() / 1024 + " MiB of memory to be unpacked, more than the "
                            + e.getMemoryLimit() / 1024 + " MiB that are allowed: unpack it first",
                    e);
        } catch (IOException | RuntimeException e) { // decoders throw what they like
            throw failed(e);
        }
    }

    private IOException failed(Exception cause) {
        if (raw.ended)
            return new IOException(
                    file + " is incomplete: it ends at byte " + raw.position + ", in the middle of its " + format
                            + " data",
                    cause);
        String how =
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        return new IOException(
                file + " holds damaged " + format + " data near byte " + raw.position + ": "
                        + UntrustedText.oneLine(how),
                cause);
    }

    @Override
    public void close() throws IOException {
        try (raw) {
            if (decoded.isPresent()) decoded.get().close();
        }
    }

    /** The compressed data, of which the decoder reads as much as it needs. */
    private static final class Raw extends FilterInputStream {
        private long position;
        private boolean ended;

        private Raw(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count(b < 0 ? -1 : 1);
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            count(read);
            return read;
        }

        private void count(int read) {
            if (read < 0) ended = true;
            else position += read;
        }
    }
}
