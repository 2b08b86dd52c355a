// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a text file, plain or gzip, whose encoding nobody kept track of: each line is read as UTF-8, and where
 * it is none as ISO-8859-1, which every byte is.
 */
final class Lines implements Closeable {
    private static final int GZIP_FIRST = 0x1f;
    private static final int GZIP_SECOND = 0x8b;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final Path file;
    private final InputStream in;

    private Lines(Path file, InputStream in) throws IOException {
        this.file = file;
        this.in = in;
        in.mark(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) in.reset();
    }

    static Lines of(Path file) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString());
        // Reads named pipes too, unlike the stream of Files.
        InputStream raw = new BufferedInputStream(new FileInputStream(file.toFile()), 1 << 16);
        try {
            raw.mark(2);
            boolean gzip = raw.read() == GZIP_FIRST && raw.read() == GZIP_SECOND;
            raw.reset();
            return new Lines(file, gzip ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16), 1 << 16) : raw);
        } catch (IOException e) {
            raw.close();
            throw named(file, e);
        }
    }

    /** The next line without its end; empty after the last one. */
    Optional<String> next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        try {
            int next = in.read();
            if (next < 0) return Optional.empty();
            for (; next >= 0 && next != '\n'; next = in.read()) line.write(next);
        } catch (IOException e) {
            throw named(file, e);
        }
        byte[] bytes = line.toByteArray();
        int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
        return Optional.of(decode(bytes, length));
    }

    /** What is wrong with gzip says not in which file. */
    private static IOException named(Path file, IOException e) {
        return e instanceof EOFException || e instanceof ZipException
                ? new IOException(file + " is cut short or damaged: " + e.getMessage(), e)
                : e;
    }

    private static String decode(byte[] bytes, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
