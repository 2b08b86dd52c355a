// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed. Its first bytes tell, whatever its name is. */
enum Compression {
    GZIP(".gz", "\\x1f\\x8b"),
    /** With the first block, or the end of a stream without blocks: a text may begin with {@code BZh} too. */
    BZIP2(".bz2", "BZh[1-9](1AY&SY|\\x17rE8P\\x90)"),
    XZ(".xz", "\\xfd7zXZ\\x00"),
    /** A frame, or a skippable one, with which files of parallel compressors begin. */
    ZSTD(".zst", "\\x28\\xb5\\x2f\\xfd|[\\x50-\\x5f]\\x2a\\x4d\\x18"),
    /** A file in it, or the end of an empty one. */
    ZIP(".zip", "PK(\\x03\\x04|\\x05\\x06)");

    private static final int LONGEST_MAGIC = 10;
    /** A file that ends within the first bytes, but not before this many, is incomplete rather than plain text. */
    private static final int LEAST_MAGIC = 4;
    /** Enough for {@code xz -9}, whose dictionary has 64 MiB. */
    private static final int XZ_MEMORY_KIB = 80 << 10;

    private final String ending;
    private final Pattern magic;

    Compression(String ending, String magic) {
        this.ending = ending;
        this.magic = Pattern.compile(magic);
    }

    /**
     * The compression of a stream, empty if it is plain. Reads no further than the first byte that tells, since more
     * may not come through a pipe for long.
     *
     * @param in must support marks; its position does not change
     */
    static Optional<Compression> of(InputStream in) throws IOException {
        in.mark(LONGEST_MAGIC);
        Optional<Compression> found = Optional.empty();
        StringBuilder head = new StringBuilder();
        boolean open = true;
        while (open && found.isEmpty()) {
            int b = in.read();
            if (b >= 0) head.append((char) b);
            open = false;
            for (Compression compression : values()) {
                Matcher matcher = compression.magic.matcher(head);
                boolean matches = matcher.matches();
                boolean begins = !matches && matcher.hitEnd();
                if (matches || (begins && b < 0 && head.length() >= LEAST_MAGIC)) found = Optional.of(compression);
                open |= begins && b >= 0;
            }
        }
        in.reset();
        return found;
    }

    /** The file's name in lower case, without the ending of a compression. */
    static String plainName(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .map(compression -> compression.ending)
                .filter(name::endsWith)
                .findFirst()
                .map(ending -> name.substring(0, name.length() - ending.length()))
                .orElse(name);
    }

    /**
     * The decompressed data. Reading it fails with a sentence that names the file if the data is damaged or incomplete.
     *
     * @param in the file from its beginning; closed with the result
     */
    InputStream decompressed(InputStream in, Path file) throws IOException {
        return switch (this) {
            case GZIP -> new GzipInput(in, file);
            case BZIP2 -> new DecoderInput("bzip2", in, file, raw -> new BZip2CompressorInputStream(raw, true));
            case XZ -> new DecoderInput("xz", in, file, raw -> new XZInputStream(raw, XZ_MEMORY_KIB));
            case ZSTD -> new DecoderInput("zstd", in, file, ZstdInput::new);
            case ZIP -> ZipInput.open(in, file);
        };
    }
}
