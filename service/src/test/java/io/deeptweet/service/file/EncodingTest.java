// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void utf16WithAByteOrderMarkBecomesUtf8(Charset charset) throws IOException {
        String text = "id,text\r\n1,caf\u00e9 \u20ac \ud83d\ude00\n";
        assertThat(text(("\ufeff" + text).getBytes(charset))).isEqualTo(text);
        assertThat(text("\ufeff".getBytes(charset))).isEmpty();
        StringBuilder all = new StringBuilder();
        // Characters of every length, across every position in the buffers.
        new Random(1)
                .ints(50_000, 0, 0x10ffff)
                .filter(c -> c < 0xd800 || c > 0xdfff)
                .map(c -> c % 3 == 0 ? c % 0x80 : c)
                .forEach(all::appendCodePoint);
        assertThat(text(("\ufeff" + all).getBytes(charset))).isEqualTo(all.toString());
    }

    @ParameterizedTest
    @EnumSource
    void compressedUtf16BecomesUtf8(Packed format) throws IOException {
        assertThat(text(format.of("\ufeffcaf\u00e9".getBytes(UTF_16LE)))).isEqualTo("caf\u00e9");
    }

    @Test
    void halfOfASurrogatePairCostsItsRecordAndNoOther() throws Exception {
        String[] lines = {"first", "a \ud83d b", "\ude00", "\ud83d\ud83d\ude00", "caf\u00e9 \ud83d\ude00", "\ud83d"};
        for (Charset charset : new Charset[] {UTF_16LE, UTF_16BE}) {
            byte[] file = utf16(charset, "\ufeff" + String.join("\n", lines));
            try (InputStream in = InputFile.open(write(file))) {
                RecordReader reader = RecordReader.ofLines(in, 1000);
                for (int i = 0; i < lines.length; i++) {
                    RawRecord record = reader.next().orElseThrow();
                    assertThat(record.line()).isEqualTo(i + 1);
                    if (i == 0 || i == 4)
                        assertThat(Utf8.decode(record.bytes())).isEqualTo(lines[i]);
                    else
                        assertThatThrownBy(() -> Utf8.decode(record.bytes()))
                                .isInstanceOf(CharacterCodingException.class);
                }
                assertThat(reader.next()).isEmpty();
            }
        }
    }

    @Test
    void utf16ThatEndsWithinACharacterIsIncomplete() throws IOException {
        byte[] whole = "\ufefftwo".getBytes(UTF_16LE);
        Path file = write(Arrays.copyOf(whole, whole.length - 1));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        assertThatThrownBy(() -> InputFile.open(file).transferTo(read))
                .isExactlyInstanceOf(IOException.class)
                .hasMessage(file + " is incomplete: it ends in the middle of a UTF-16 character");
        assertThat(read.toString(UTF_8)).isEqualTo("tw");
    }

    @Test
    void utf16WithoutAByteOrderMarkStaysAsItIs() throws IOException {
        byte[] plain = "text".getBytes(UTF_16LE);
        try (InputStream in = InputFile.open(write(plain))) {
            assertThat(in.readAllBytes()).isEqualTo(plain);
        }
    }

    @Test
    void aRecordThatIsUtf8StaysAsItIs() {
        byte[] record = "caf\u00e9 \u201cyes\u201d".getBytes(UTF_8);
        for (RecordEncoding encoding : RecordEncoding.values())
            assertThat(encoding.utf8(record)).isSameAs(record);
    }

    @Test
    void aRecordInNoUtf8IsReadAsWindows1252OnlyIfThatIsWanted() {
        byte[] record = {'c', (byte) 0xe9, (byte) 0x93, (byte) 0x80, (byte) 0x94, (byte) 0x81, (byte) 0xff};
        assertThat(RecordEncoding.UTF_8.utf8(record)).isSameAs(record);
        assertThat(new String(RecordEncoding.ISO_8859_1.utf8(record), UTF_8))
                .isEqualTo("c\u00e9\u201c\u20ac\u201d\u0081\u00ff");
    }

    @Test
    void windows1252IsThatOfTheJdkWhereThatHasACharacter() {
        Charset windows = Charset.forName("windows-1252");
        for (int b = 0x80; b < 0x100; b++) {
            byte[] record = {(byte) b};
            String expected = new String(record, windows);
            if (expected.equals("\ufffd")) expected = new String(record, ISO_8859_1);
            assertThat(new String(RecordEncoding.ISO_8859_1.utf8(record), UTF_8))
                    .as("byte %x", b)
                    .isEqualTo(expected);
        }
    }

    /** {@link String#getBytes(Charset)} would replace halves of surrogate pairs. */
    private static byte[] utf16(Charset charset, String text) {
        byte[] bytes = new byte[2 * text.length()];
        int high = charset.equals(UTF_16BE) ? 0 : 1;
        for (int i = 0; i < text.length(); i++) {
            bytes[2 * i + high] = (byte) (text.charAt(i) >> 8);
            bytes[2 * i + 1 - high] = (byte) text.charAt(i);
        }
        return bytes;
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("a"), bytes);
    }

    private String text(byte[] file) throws IOException {
        try (InputStream in = InputFile.open(write(file))) {
            return Utf8.decode(in.readAllBytes());
        }
    }
}
