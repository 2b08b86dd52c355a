// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipInputTest {
    private static final String TEXT = "id,text\n1,a\n";

    /** Positions in an entry of the directory. */
    private static final int FLAGS = 8;

    private static final int METHOD = 10;
    private static final int CHECKSUM = 16;
    private static final int SIZE = 24;
    private static final int HEADER = 42;

    @TempDir
    Path folder;

    @Test
    void whatIsNoFileOfTheUserDoesNotCount() throws IOException {
        byte[] zip =
                zip("data/", "__MACOSX/data/._tweets.csv", ".DS_Store", "data/.hidden", "data/tweets.csv", "other/");
        assertThat(read(zip)).isEqualTo(TEXT);
    }

    @Test
    void severalFilesAreRefusedByTheirNames() throws IOException {
        fails(zip("a.csv", "b.csv"), "is a zip file that holds 2 files: \"a.csv\", \"b.csv\". Unpack it");
        fails(
                zip("1.csv", "2.csv", "3\u202e\n.csv", "4.csv", "5.csv"),
                "is a zip file that holds 5 files: \"1.csv\", \"2.csv\", \"3\ufffd\u23ce.csv\" and others. Unpack it");
    }

    @Test
    void aZipWithoutAFileIsRefused() throws IOException {
        fails(zip(), "is a zip file that holds no file");
        fails(zip("folder/"), "is a zip file that holds no file");
    }

    @Test
    void aStoredFileIsRead() throws IOException {
        assertThat(read(stored())).isEqualTo(TEXT);
    }

    @Test
    void aZip64FileIsRead() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.Always);
            zip.putArchiveEntry(new ZipArchiveEntry("a.csv"));
            zip.write(TEXT.getBytes(UTF_8));
            zip.closeArchiveEntry();
        }
        byte[] zip = bytes.toByteArray();
        assertThat(find(zip, 0x06064b50)).as("the position of the ZIP64 end").isPositive();
        assertThat(read(zip)).isEqualTo(TEXT);
    }

    /** More than the 16 bits of the plain directory count, and none of them in memory. */
    @Test
    void aHundredThousandFilesAreCounted() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) zip.putNextEntry(new ZipEntry(i + ".csv"));
        }
        fails(bytes.toByteArray(), "holds 100000 files: \"0.csv\", \"1.csv\", \"2.csv\" and others");
    }

    @Test
    void anEncryptedFileIsRefused() throws IOException {
        fails(changed(zip("a.csv"), FLAGS, 1), "is a zip file whose \"a.csv\" is encrypted: unpack it first");
    }

    @Test
    void anUnusualMethodIsRefused() throws IOException {
        fails(
                changed(zip("a.csv"), METHOD, 12),
                "is a zip file whose \"a.csv\" is compressed by method 12, which is not supported: unpack it first");
    }

    @Test
    void lengthAndChecksumAreChecked() throws IOException {
        for (byte[] zip : List.of(zip("a.csv"), stored())) {
            fails(changed(zip, SIZE, TEXT.length() + 1), "damaged zip data: the length of the file is another");
            fails(changed(zip, CHECKSUM, 7), "damaged zip data: the checksum of the file is another");
            fails(changed(zip, HEADER, 1), "damaged zip data: the file is not where its directory says");
            fails(changed(zip, HEADER, 100_000), "damaged zip data: it refers to bytes that are not there");
        }
    }

    @Test
    void aDirectoryThatContradictsItselfIsDamaged() throws IOException {
        byte[] more = zip("a.csv");
        more[more.length - 12] = 2;
        fails(more, "damaged zip data: its directory has fewer entries than it says");
        byte[] fewer = zip("a.csv", "b.csv");
        fewer[fewer.length - 12] = 1;
        fails(fewer, "damaged zip data: its directory has more entries than it says");
        byte[] elsewhere = zip("a.csv");
        elsewhere[elsewhere.length - 5] = 1;
        fails(elsewhere, "damaged zip data: its directory is not where it should be");
    }

    @Test
    void aCommentMayFollow() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment("PK\u0005\u0006 is no end within a comment that is longer than an end");
            zip.putNextEntry(new ZipEntry("a.csv"));
            zip.write(TEXT.getBytes(UTF_8));
        }
        assertThat(read(bytes.toByteArray())).isEqualTo(TEXT);
    }

    private void fails(byte[] zip, String message) {
        assertThatThrownBy(() -> read(zip))
                .isExactlyInstanceOf(IOException.class)
                .hasMessageStartingWith(folder.resolve("a.zip") + " ")
                .hasMessageContaining(message);
    }

    private String read(byte[] zip) throws IOException {
        try (InputStream in = InputFile.open(Files.write(folder.resolve("a.zip"), zip))) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                if (!name.endsWith("/")) zip.write(TEXT.getBytes(UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] stored() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry("a.csv");
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(TEXT.length());
            CRC32 checksum = new CRC32();
            checksum.update(TEXT.getBytes(UTF_8));
            entry.setCrc(checksum.getValue());
            zip.putNextEntry(entry);
            zip.write(TEXT.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }

    /** The zip with another number in the first entry of its directory. */
    private static byte[] changed(byte[] zip, int field, int value) {
        byte[] changed = zip.clone();
        ByteBuffer bytes = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int at = find(zip, 0x02014b50) + field;
        if (field < CHECKSUM) bytes.putShort(at, (short) value);
        else bytes.putInt(at, value);
        return changed;
    }

    private static int find(byte[] zip, int mark) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at <= zip.length - Integer.BYTES; at++) if (bytes.getInt(at) == mark) return at;
        return -1;
    }
}
