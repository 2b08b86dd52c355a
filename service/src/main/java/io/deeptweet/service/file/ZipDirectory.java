// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The directory at the end of a zip file, with ZIP64. It is read entry by entry, within bounded memory: libraries build
 * a table of all entries, of which a file may have any number.
 *
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">.ZIP File Format Specification, 4.3</a>
 */
final class ZipDirectory {
    /**
     * A file in a zip.
     *
     * @param packed bytes of its compressed data
     * @param size bytes of its content
     * @param header position of its header, before its data
     */
    record Entry(String name, int flags, int method, long checksum, long packed, long size, long header) {
        /** Whether it is a file that somebody has put in: no folder, and nothing that an operating system adds. */
        boolean isContent() {
            String own = name.substring(name.lastIndexOf('/') + 1);
            return !own.isEmpty() && !own.startsWith(".") && !name.startsWith("__MACOSX/");
        }
    }

    /**
     * The files of a zip.
     *
     * @param first the first few
     * @param count of all
     */
    record Contents(List<Entry> first, long count) {}

    private record Place(long start, long size, long entries) {}

    private static final int MOST_LISTED = 3;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int LONGEST_COMMENT = 0xffff;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int END_64 = 0x06064b50;
    private static final int END_64_BYTES = 56;
    private static final int ENTRY = 0x02014b50;
    private static final int ENTRY_BYTES = 46;
    private static final int EXTRA_64 = 1;
    private static final int UNKNOWN_16 = 0xffff;
    private static final long UNKNOWN_32 = 0xffff_ffffL;

    private final SeekableByteChannel file;

    private ZipDirectory(SeekableByteChannel file) {
        this.file = file;
    }

    /**
     * Reads the directory.
     *
     * @throws EOFException if the file ends without one
     * @throws ZipException if it is damaged
     */
    static Contents read(SeekableByteChannel file) throws IOException {
        ZipDirectory directory = new ZipDirectory(file);
        return directory.entries(directory.place());
    }

    /** Bytes of the file. */
    static ByteBuffer bytes(SeekableByteChannel file, long start, int size) throws IOException {
        if (start < 0 || start > file.size() - size) throw new ZipException("it refers to bytes that are not there");
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.position(start);
        while (bytes.hasRemaining()) if (file.read(bytes) < 0) throw new EOFException();
        return bytes.flip();
    }

    private Place place() throws IOException {
        int size = (int) Math.min(file.size(), END_BYTES + LONGEST_COMMENT);
        long start = file.size() - size;
        ByteBuffer tail = bytes(file, start, size);
        for (int at = size - END_BYTES; at >= 0; at--)
            if (tail.getInt(at) == END && at + END_BYTES + unsigned(tail.getShort(at + 20)) == size)
                return place(tail.slice(at, END_BYTES).order(ByteOrder.LITTLE_ENDIAN), start + at);
        throw new EOFException();
    }

    private Place place(ByteBuffer end, long position) throws IOException {
        if (end.getShort(4) != end.getShort(6)) throw new ZipException("it is one part of several");
        int entries = unsigned(end.getShort(10));
        long size = unsigned(end.getInt(12));
        long start = unsigned(end.getInt(16));
        boolean is64 = entries == UNKNOWN_16 || size == UNKNOWN_32 || start == UNKNOWN_32;
        Optional<Place> place64 = is64 ? place64(position) : Optional.empty();
        Place place = place64.orElse(new Place(start, size, entries));
        if (place.start < 0 || place.size < 0 || place.start > position || place.size > position - place.start)
            throw new ZipException("its directory is not where it should be");
        return place;
    }

    /** Empty if there is none: a file without it may have exactly 65,535 entries. */
    private Optional<Place> place64(long end) throws IOException {
        if (end < LOCATOR_64_BYTES) return Optional.empty();
        ByteBuffer locator = bytes(file, end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
        if (locator.getInt(0) != LOCATOR_64) return Optional.empty();
        ByteBuffer end64 = bytes(file, locator.getLong(8), END_64_BYTES);
        if (end64.getInt(0) != END_64) throw new ZipException("its directory is not where it should be");
        return Optional.of(new Place(end64.getLong(48), end64.getLong(40), end64.getLong(32)));
    }

    private Contents entries(Place place) throws IOException {
        file.position(place.start);
        InputStream bounded = new BoundedInput(Channels.newInputStream(file), place.size);
        DataInputStream in = new DataInputStream(new BufferedInputStream(bounded));
        List<Entry> first = new ArrayList<>();
        long count = 0;
        try {
            for (long i = 0; i < place.entries; i++) {
                Entry entry = entry(in);
                if (!entry.isContent()) continue;
                if (count++ < MOST_LISTED) first.add(entry);
            }
        } catch (EOFException e) {
            throw damaged(e);
        }
        if (in.read() >= 0) throw new ZipException("its directory has more entries than it says");
        return new Contents(first, count);
    }

    private static ZipException damaged(EOFException cause) {
        ZipException damaged = new ZipException("its directory has fewer entries than it says");
        damaged.initCause(cause);
        return damaged;
    }

    private static Entry entry(DataInputStream in) throws IOException {
        ByteBuffer header = read(in, ENTRY_BYTES);
        if (header.getInt(0) != ENTRY) throw new ZipException("its directory has an entry without its mark");
        byte[] name = read(in, unsigned(header.getShort(28))).array();
        ByteBuffer extra = read(in, unsigned(header.getShort(30)));
        in.skipNBytes(unsigned(header.getShort(32)));
        Numbers64 numbers = new Numbers64(extra);
        long size = numbers.orOwn(unsigned(header.getInt(24)));
        long packed = numbers.orOwn(unsigned(header.getInt(20)));
        long position = numbers.orOwn(unsigned(header.getInt(42)));
        return new Entry(
                new String(name, StandardCharsets.UTF_8),
                unsigned(header.getShort(8)),
                unsigned(header.getShort(10)),
                unsigned(header.getInt(16)),
                packed,
                size,
                position);
    }

    private static ByteBuffer read(DataInputStream in, int size) throws IOException {
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static int unsigned(short value) {
        return Short.toUnsignedInt(value);
    }

    private static long unsigned(int value) {
        return Integer.toUnsignedLong(value);
    }

    /** The numbers of an entry that have 64 bits: those that are missing in its header, in the order of the calls. */
    private static final class Numbers64 {
        private final ByteBuffer numbers;

        private Numbers64(ByteBuffer extra) {
            ByteBuffer found = ByteBuffer.allocate(0);
            while (extra.remaining() >= 4) {
                int id = unsigned(extra.getShort());
                int size = Math.min(unsigned(extra.getShort()), extra.remaining());
                if (id == EXTRA_64) found = extra.slice(extra.position(), size);
                extra.position(extra.position() + size);
            }
            numbers = found.order(ByteOrder.LITTLE_ENDIAN);
        }

        private long orOwn(long own) throws ZipException {
            if (own != UNKNOWN_32 || numbers.remaining() < Long.BYTES) return own;
            long number = numbers.getLong();
            if (number < 0) throw new ZipException("its directory has a negative number");
            return number;
        }
    }
}
