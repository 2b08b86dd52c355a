// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CompressionTest {
    private static final byte[] TEXT = "first line\nsecond line, caf\u00e9\nthird line\n".getBytes(UTF_8);

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void theContentTellsTheCompressionAndNotTheName(Packed format) throws IOException {
        for (String name : new String[] {"a.txt", "b.gz", "c.bz2", "d.xz", "e.zst", "f.zip"})
            assertThat(read(write(name, format.of(TEXT)))).isEqualTo(TEXT);
        assertThat(read(write("plain.zip", TEXT))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource
    void largeAndEmptyContentIsRead(Packed format) throws IOException {
        byte[] large = large();
        assertThat(read(write("large", format.of(large)))).isEqualTo(large);
        assertThat(read(write("empty", format.of(new byte[0])))).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ZIP")
    void streamsThatFollowOneAnotherAreOne(Packed format) throws IOException {
        byte[] large = large();
        byte[] file = join(format.of(TEXT), format.of(new byte[0]), format.of(large), format.of(TEXT));
        assertThat(read(write("a", file))).isEqualTo(join(TEXT, large, TEXT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"BZh", "BZh9", "BZh91AY&S is text", "PK", "PK\u0003 text", "Px*M", "(text)", "\u001f", "\u001f\n"
            })
    void textThatBeginsLikeCompressedDataIsText(String text) throws IOException {
        boolean isWholeBeginning = text.equals("BZh9");
        Path file = write("a", text.getBytes(UTF_8));
        if (isWholeBeginning) assertThatThrownBy(() -> read(file)).hasMessageContaining("is incomplete");
        else assertThat(read(file)).isEqualTo(text.getBytes(UTF_8));
    }

    /** More may not come for long, if it comes through a pipe. */
    @Test
    void noMoreIsReadThanTellsTheCompression() throws IOException {
        InputStream pipe = new ByteArrayInputStream(TEXT) {
            @Override
            public synchronized int read() {
                assertThat(pos).as("bytes that are read").isZero();
                return super.read();
            }
        };
        assertThat(Compression.of(pipe)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(30)
    void allButAZipMayComeThroughAPipe(Packed format) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Process writer =
                new ProcessBuilder("cp", write("packed", format.of(TEXT)).toString(), pipe.toString()).start();
        if (format == Packed.ZIP)
            assertThatThrownBy(() -> read(pipe))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageContaining("comes through a pipe");
        else assertThat(read(pipe)).isEqualTo(TEXT);
        writer.waitFor();
    }

    @ParameterizedTest
    @EnumSource
    void anIncompleteFileFailsWhereverItEnds(Packed format) throws IOException {
        byte[] whole = format.of(TEXT);
        for (int length = 4; length < whole.length; length++) {
            Path file = write("cut", Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + " is incomplete: it ends at byte " + length);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ZIP")
    void anIncompleteLaterStreamFailsWhereverItEnds(Packed format) throws IOException {
        byte[] one = format.of(TEXT);
        byte[] whole = join(one, one);
        for (int length = one.length + 1; length < whole.length; length++) {
            Path file = write("cut", Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> read(file))
                    .as("%d of %d bytes", length, whole.length)
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessageStartingWith(file + " ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatFollowsTheDataIsNotIgnored(Packed format) throws IOException {
        Path file = write("a", join(format.of(TEXT), "garbage".getBytes(UTF_8)));
        assertThatThrownBy(() -> read(file))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " ");
    }

    /** What is read is the content, or the bytes of the file if its beginning is changed, or there is an error. */
    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void damagedDataIsNeverTakenForContent(Packed format) throws IOException {
        long seed = 20_260_101 + format.ordinal();
        Random random = new Random(seed);
        byte[] content = Arrays.copyOf(large(), 3000);
        byte[] whole = format.of(content);
        int failures = 0;
        for (int i = 0; i < 2000; i++) {
            byte[] changed = changed(whole, random);
            Path file = write("changed", changed);
            byte[] read;
            try {
                read = read(file);
            } catch (IOException e) {
                failures++;
                assertThat(e).as("seed %d, mutation %d", seed, i).isExactlyInstanceOf(IOException.class);
                assertThat(e).hasMessageStartingWith(file + " ");
                continue;
            }
            boolean isRight = Arrays.equals(read, content) || Arrays.equals(read, changed);
            assertThat(isRight).as("seed %d, mutation %d", seed, i).isTrue();
        }
        assertThat(failures).isGreaterThan(1500);
    }

    private static byte[] changed(byte[] whole, Random random) {
        byte[] changed = random.nextInt(10) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        int changes = 1 + random.nextInt(4);
        // Headers are short, and the most is to be had there.
        int most = random.nextBoolean() ? Math.min(64, changed.length) : changed.length;
        for (int i = 0; i < changes && most > 0; i++) {
            int at = random.nextBoolean() ? random.nextInt(most) : changed.length - 1 - random.nextInt(most);
            changed[at] = random.nextInt(4) == 0 ? (byte) 0xff : (byte) random.nextInt(256);
        }
        return changed;
    }

    @ParameterizedTest
    @EnumSource
    void aFileThatUnpacksToMoreThanTheLimitIsReadUpToIt(Packed format) throws IOException {
        byte[] bomb = format.of(new byte[100_000_000]);
        assertThat(bomb.length).isLessThan(200_000);
        Path file = write("bomb", bomb);
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try (InputStream in = InputFile.open(file, 1_000_000)) {
            assertThatThrownBy(() -> in.transferTo(read))
                    .isExactlyInstanceOf(IOException.class)
                    .hasMessage(file + " unpacks to more than the limit of 1,000,000 bytes: unpack it, or raise the"
                            + " limit");
        }
        assertThat(read.size()).isEqualTo(1_000_000);
    }

    @ParameterizedTest
    @EnumSource
    void aFileMayUnpackToTheLimit(Packed format) throws IOException {
        Path file = write("a", format.of(TEXT));
        try (InputStream in = InputFile.open(file, TEXT.length)) {
            assertThat(in.readAllBytes()).isEqualTo(TEXT);
        }
        try (InputStream in = InputFile.open(file, TEXT.length - 1)) {
            assertThatThrownBy(in::readAllBytes)
                    .hasMessageContaining("more than the limit of " + (TEXT.length - 1) + " bytes");
        }
    }

    @Test
    void plainFilesHaveNoLimit() throws IOException {
        try (InputStream in = InputFile.open(write("a", TEXT), 1)) {
            assertThat(in.readAllBytes()).isEqualTo(TEXT);
        }
    }

    /** Such as one that says that it needs 1.5 GiB. */
    @Test
    void anXzFileThatNeedsMuchMemoryIsRefused() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        LZMA2Options options = new LZMA2Options(0);
        try (XZOutputStream out = new XZOutputStream(bytes, options)) {
            out.write(TEXT);
        }
        byte[] file = bytes.toByteArray();
        int dictionary = 12 + 4; // stream header; block header's size, flags, filter's id and its properties' size
        assertThat(file[dictionary - 2]).isEqualTo((byte) 0x21);
        file[dictionary] = 37;
        CRC32 checksum = new CRC32();
        checksum.update(file, 12, 8);
        for (int i = 0; i < 4; i++) file[20 + i] = (byte) (checksum.getValue() >> (8 * i));
        Path path = write("a.xz", file);
        assertThatThrownBy(() -> read(path))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage(path + " needs 1536 MiB of memory to be unpacked, more than the 80 MiB that are allowed:"
                        + " unpack it first");
    }

    @Test
    void aZstdFileWithALargeWindowIsRefused() throws IOException {
        byte[] frame = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((28 - 10) << 3), 1, 0, 0};
        Path file = write("a.zst", frame);
        assertThatThrownBy(() -> read(file))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " holds damaged zstd data near byte 9: ")
                .hasMessageContaining("memory");
        frame[5] = (byte) ((27 - 10) << 3);
        assertThat(read(write("b.zst", frame))).isEmpty();
    }

    @Test
    void aZstdFileMayBeginWithASkippableFrame() throws IOException {
        byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3};
        assertThat(read(write("a", join(skippable, Packed.ZSTD.of(TEXT), skippable))))
                .isEqualTo(TEXT);
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ZIP")
    @Timeout(30)
    void manyEmptyStreamsNeedNoStack(Packed format) throws IOException {
        byte[] empty = format.of(new byte[0]);
        byte[] all = new byte[empty.length * 20_000];
        for (int i = 0; i < 20_000; i++) System.arraycopy(empty, 0, all, i * empty.length, empty.length);
        assertThat(read(write("a", join(all, format.of(TEXT))))).isEqualTo(TEXT);
    }

    @ParameterizedTest
    @CsvSource({
        "a.CSV.GZ, a.csv",
        "a.csv.bz2, a.csv",
        "a.tsv.Xz, a.tsv",
        "a.jsonl.zst, a.jsonl",
        "a.csv.zip, a.csv",
        "a.csv, a.csv",
        "gz, gz",
        "a.txt.gz.gz, a.txt.gz"
    })
    void thePlainNameHasNoEndingOfACompression(String name, String plain) {
        assertThat(InputFile.plainName(Path.of("/data", name))).isEqualTo(plain);
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static byte[] read(Path file) throws IOException {
        try (InputStream in = InputFile.open(file)) {
            return in.readAllBytes();
        }
    }

    /** Larger than any buffer, and hard to compress. */
    private static byte[] large() {
        StringBuilder text = new StringBuilder();
        new Random(1).longs(20_000).forEach(number -> text.append(number).append('\n'));
        return text.toString().getBytes(UTF_8);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }
}
