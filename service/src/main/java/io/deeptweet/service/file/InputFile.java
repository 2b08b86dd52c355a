// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens input files, plain or compressed, in UTF-8 or UTF-16. */
public final class InputFile {
    /** Most bytes that a compressed file unpacks to, where nobody says otherwise: 64 GiB. */
    public static final long MOST_UNPACKED = 64L << 30;

    private static final int BUFFER_BYTES = 1 << 16;

    private InputFile() {}

    /** As {@link #open(Path, long)}, with a limit of {@link #MOST_UNPACKED}. */
    public static InputStream open(Path file) throws IOException {
        return open(file, MOST_UNPACKED);
    }

    /**
     * Opens a file or a named pipe for reading. Gzip, bzip2, xz, zstd and zip are recognised by their first bytes,
     * whatever the file's name is, and decompressed. A zip must hold one file, and cannot come through a pipe. A byte
     * order mark at the start of the text is skipped; UTF-16, which needs one, becomes UTF-8.
     *
     * <p>A character of UTF-16 that is only half of a surrogate pair becomes bytes that are not UTF-8, so that the
     * record that holds it is refused, but no other.
     *
     * @param mostUnpacked bytes that compressed data may unpack to; there is no limit for plain data
     * @return a buffered stream; reading it fails with an {@link IOException} whose message is a sentence that names
     *     the file if compressed data is damaged or incomplete, or unpacks to more than the limit
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if the file cannot be read; the message is a sentence that names it
     */
    public static InputStream open(Path file, long mostUnpacked) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString(), null, "there is no such file");
        InputStream in;
        try {
            // Unlike Files.newInputStream, this reads named pipes too.
            in = buffered(new FileInputStream(file.toFile()));
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be read: check that it is a file and that its permissions allow it", e);
        }
        try {
            Optional<Compression> compression = Compression.of(in);
            if (compression.isPresent())
                in = buffered(new LimitedInput(compression.get().decompressed(in, file), file, mostUnpacked));
            return utf8(in, file);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /**
     * The file's name in lower case, without {@code .gz}, {@code .bz2}, {@code .xz}, {@code .zst} or {@code .zip}. Its
     * ending tells the format.
     */
    public static String plainName(Path file) {
        return Compression.plainName(file);
    }

    private static InputStream utf8(InputStream in, Path file) throws IOException {
        if (skips(in, 0xef, 0xbb, 0xbf)) return in;
        if (skips(in, 0xff, 0xfe)) return buffered(new Utf16Input(in, file, ByteOrder.LITTLE_ENDIAN));
        if (skips(in, 0xfe, 0xff)) return buffered(new Utf16Input(in, file, ByteOrder.BIG_ENDIAN));
        return in;
    }

    /** Whether the stream goes on with these bytes, which are skipped then. */
    private static boolean skips(InputStream in, int... bytes) throws IOException {
        in.mark(bytes.length);
        for (int expected : bytes) {
            if (in.read() == expected) continue;
            in.reset();
            return false;
        }
        return true;
    }

    private static InputStream buffered(InputStream in) {
        return new BufferedInputStream(in, BUFFER_BYTES);
    }
}
