// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import io.deeptweet.schemas.text.UntrustedText;
import io.deeptweet.service.file.ZipDirectory.Contents;
import io.deeptweet.service.file.ZipDirectory.Entry;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Reads the only file in a zip, and checks its size and its checksum. */
final class ZipInput extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int LOCAL_HEADER = 0x04034b50;
    private static final int LOCAL_HEADER_BYTES = 30;
    private static final int FLAG_ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    private final SeekableByteChannel zip;
    private final Path file;
    private final Entry entry;
    private final Inflater inflater = new Inflater(true);
    private final InputStream content;
    private final CRC32 checksum = new CRC32();
    private long size;

    /**
     * Opens a zip that holds one file. Folders, {@code __MACOSX/} and files whose names begin with a dot do not count.
     *
     * @param in closed: a zip has its directory at its end, and is read by position
     * @param file named in error messages
     * @throws IOException if it holds several files or none, or one that is encrypted or compressed in an unusual way,
     *     is damaged or incomplete, or comes through a pipe
     */
    static ZipInput open(InputStream in, Path file) throws IOException {
        if (!Files.isRegularFile(file))
            throw new IOException(file + " is a zip file that comes through a pipe: unpack it before the pipe");
        in.close();
        SeekableByteChannel zip = Files.newByteChannel(file);
        try {
            return new ZipInput(zip, file, only(ZipDirectory.read(zip), file));
        } catch (EOFException e) {
            zip.close();
            throw new IOException(
                    file + " is incomplete: it ends at byte " + Files.size(file)
                            + ", before the directory of its zip data",
                    e);
        } catch (ZipException e) {
            zip.close();
            throw damaged(file, e);
        } catch (IOException e) {
            zip.close();
            throw e;
        }
    }

    private static Entry only(Contents contents, Path file) throws IOException {
        if (contents.count() == 0) throw new IOException(file + " is a zip file that holds no file");
        if (contents.count() > 1) {
            String names = contents.first().stream()
                    .map(entry -> UntrustedText.quoted(entry.name()))
                    .collect(Collectors.joining(", "));
            String others = contents.count() > contents.first().size() ? " and others" : "";
            throw new IOException(file + " is a zip file that holds " + contents.count() + " files: " + names + others
                    + ". Unpack it, and name those that are to be read");
        }
        Entry only = contents.first().get(0);
        String name = UntrustedText.quoted(only.name());
        if ((only.flags() & FLAG_ENCRYPTED) != 0)
            throw new IOException(file + " is a zip file whose " + name + " is encrypted: unpack it first");
        if (only.method() != STORED && only.method() != DEFLATED)
            throw new IOException(file + " is a zip file whose " + name + " is compressed by method " + only.method()
                    + ", which is not supported: unpack it first");
        return only;
    }

    private ZipInput(SeekableByteChannel zip, Path file, Entry entry) throws IOException {
        this.zip = zip;
        this.file = file;
        this.entry = entry;
        ByteBuffer header = ZipDirectory.bytes(zip, entry.header(), LOCAL_HEADER_BYTES);
        if (header.getInt(0) != LOCAL_HEADER) throw new ZipException("the file is not where its directory says");
        zip.position(entry.header()
                + LOCAL_HEADER_BYTES
                + ZipDirectory.unsigned(header.getShort(26))
                + ZipDirectory.unsigned(header.getShort(28)));
        InputStream packed =
                new BufferedInputStream(new BoundedInput(Channels.newInputStream(zip), entry.packed()), BUFFER_BYTES);
        content = entry.method() == STORED ? packed : new InflaterInputStream(packed, inflater, BUFFER_BYTES);
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
            int read = content.read(bytes, offset, length);
            if (read < 0) checkEnd();
            else {
                size += read;
                checksum.update(bytes, offset, read);
            }
            return read;
        } catch (EOFException e) {
            throw damaged(file, "the compressed data ends before the file does", e);
        } catch (ZipException e) {
            throw damaged(file, e);
        }
    }

    private void checkEnd() throws ZipException {
        if (size != entry.size()) throw new ZipException("the length of the file is another");
        if (checksum.getValue() != entry.checksum()) throw new ZipException("the checksum of the file is another");
        if (entry.method() == DEFLATED && inflater.getBytesRead() != entry.packed())
            throw new ZipException("the length of the compressed data is another");
    }

    private static IOException damaged(Path file, ZipException cause) {
        return damaged(file, cause.getMessage(), cause);
    }

    private static IOException damaged(Path file, String how, IOException cause) {
        return new IOException(file + " holds damaged zip data: " + how, cause);
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        zip.close();
    }
}
