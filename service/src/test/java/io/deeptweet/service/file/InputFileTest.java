// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    @TempDir
    Path folder;

    @Test
    void plainAndGzipFilesAreReadUnderAnyName() throws IOException {
        assertThat(read("a.gz", utf8("plain"))).isEqualTo("plain");
        assertThat(read("a.txt", gzip("packed"))).isEqualTo("packed");
        assertThat(read("empty", new byte[0])).isEmpty();
        assertThat(read("one", new byte[] {0x1f})).isEqualTo("\u001f");
    }

    @Test
    void aByteOrderMarkIsSkipped() throws IOException {
        assertThat(read("a", join(BYTE_ORDER_MARK, utf8("text")))).isEqualTo("text");
        assertThat(read("b", gzip("\ufefftext"))).isEqualTo("text");
        assertThat(read("c", Arrays.copyOf(BYTE_ORDER_MARK, 2))).hasSize(1);
    }

    @Test
    void allMembersOfAGzipFileAreRead() throws IOException {
        String large = large();
        assertThat(read("a", join(gzip("one"), gzip(""), gzip(large), gzip("three"))))
                .isEqualTo("one" + large + "three");
    }

    @Test
    void everyFieldOfAMembersHeaderIsSkipped() throws IOException {
        byte[] plain = gzip("text");
        byte[] header = Arrays.copyOf(plain, 10);
        header[3] = 2 | 4 | 8 | 16; // header checksum, extra field, name, comment
        byte[] fields = join(header, new byte[] {3, 0, 1, 2, 3}, utf8("name\0comment\0"));
        CRC32 checksum = new CRC32();
        checksum.update(fields);
        byte[] checked = {(byte) checksum.getValue(), (byte) (checksum.getValue() >> 8)};
        assertThat(read("a", join(fields, checked, Arrays.copyOfRange(plain, 10, plain.length))))
                .isEqualTo("text");
        checked[0]++;
        fails(
                "b",
                join(gzip("one"), fields, checked, Arrays.copyOfRange(plain, 10, plain.length)),
                "the checksum of the member's header is another");
    }

    @Test
    void zeroBytesMayFollowTheLastMember() throws IOException {
        assertThat(read("a", join(gzip("text"), new byte[100_000]))).isEqualTo("text");
        fails("b", join(gzip("text"), new byte[5], utf8("x")), "zero bytes are followed by something");
    }

    /** Java's own stream takes the first of these for the end of the data, and says nothing. */
    @Test
    void aDamagedLaterMemberFailsAndTellsWhere() throws IOException {
        byte[] one = gzip("one");
        byte[] two = gzip("two");
        byte[] noHeader = two.clone();
        noHeader[1] = 0;
        fails("a", join(one, noHeader), "near byte " + (one.length + 2) + ": there is no gzip member");
        fails("b", join(one, utf8("something else")), "there is no gzip member");
        byte[] flags = two.clone();
        flags[3] = (byte) 0x80;
        fails("c", join(one, flags), "unknown flags");
        byte[] data = two.clone();
        Arrays.fill(data, 10, 13, (byte) 0xff);
        fails("d", join(one, data), "holds damaged gzip data near byte");
        byte[] checksum = two.clone();
        checksum[two.length - 8]++;
        fails("e", join(one, checksum), "the checksum of the data is another");
        byte[] length = two.clone();
        length[two.length - 1]++;
        fails("f", join(one, length), "the length is another");
    }

    @Test
    void anIncompleteFileFailsWhereverItEnds() throws IOException {
        byte[] one = gzip("one");
        byte[] whole = join(one, gzip("two"));
        for (int length = 2; length < whole.length; length++)
            if (length != one.length)
                fails("a", Arrays.copyOf(whole, length), "is incomplete: it ends at byte " + length);
    }

    /** An interrupted download must not pass for the whole, and what it holds can be read. */
    @Test
    void whatPrecedesTheDamageIsReadFirst() throws IOException {
        byte[] whole = gzip(large());
        Path file = Files.write(folder.resolve("a"), Arrays.copyOf(whole, whole.length * 2 / 3));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        assertThatThrownBy(() -> InputFile.open(file).transferTo(read)).hasMessageStartingWith(file + " is incomplete");
        assertThat(read.size()).isBetween(large().length() / 2, large().length() - 1);
        assertThat(large()).startsWith(read.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aFileThatCannotBeOpenedIsNamed() {
        Path gone = folder.resolve("gone.txt");
        assertThatThrownBy(() -> InputFile.open(gone))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(gone + ": there is no such file");
        assertThatThrownBy(() -> InputFile.open(folder)).hasMessageStartingWith(folder + " cannot be read");
    }

    private void fails(String name, byte[] bytes, String message) {
        assertThatThrownBy(() -> read(name, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve(name) + " ")
                .hasMessageContaining(message);
    }

    private String read(String name, byte[] bytes) throws IOException {
        try (InputStream in = InputFile.open(Files.write(folder.resolve(name), bytes))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Larger than any buffer, and hard to compress. */
    private static String large() {
        StringBuilder text = new StringBuilder();
        new Random(1).longs(20_000).forEach(number -> text.append(number).append('\n'));
        return text.toString();
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(utf8(text));
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) all.writeBytes(part);
        return all.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
