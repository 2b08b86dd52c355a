// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Opens input files, plain or gzip. */
public final class InputFile {
    private static final int BUFFER_BYTES = 1 << 16;

    private InputFile() {}

    /**
     * Opens a file or a named pipe for reading. Gzip is recognised by its first two bytes, whatever the file's name is,
     * and decompressed; a UTF-8 byte order mark at the start of the text is skipped.
     *
     * @return a buffered stream; reading it fails with an {@link IOException} that names the file and the byte if gzip
     *     data is damaged or incomplete
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if the file cannot be read; the message is a sentence that names it
     */
    public static InputStream open(Path file) throws IOException {
        if (!Files.exists(file)) throw new NoSuchFileException(file.toString(), null, "there is no such file");
        InputStream in;
        try {
            // Unlike Files.newInputStream, this reads named pipes too.
            in = new BufferedInputStream(new FileInputStream(file.toFile()), BUFFER_BYTES);
        } catch (IOException e) {
            throw new IOException(
                    file + " cannot be read: check that it is a file and that its permissions allow it", e);
        }
        try {
            InputStream text =
                    GzipInput.recognises(in) ? new BufferedInputStream(new GzipInput(in, file), BUFFER_BYTES) : in;
            skipByteOrderMark(text);
            return text;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** The file's name in lower case, without {@code .gz}. Its ending tells the format. */
    public static String plainName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
    }

    private static void skipByteOrderMark(InputStream in) throws IOException {
        in.mark(3);
        if (in.read() != 0xef || in.read() != 0xbb || in.read() != 0xbf) in.reset();
    }
}
