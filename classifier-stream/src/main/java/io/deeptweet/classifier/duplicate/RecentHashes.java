// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.duplicate;

import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * A set of 64-bit hashes that forgets those that are older than a time span, and the oldest ones beyond a number.
 *
 * <p>All hashes are in one open hash table, at most half full, and in segments by age. Segments are what is saved and
 * what is forgotten. One spans at most 1/64 of the time span, so a hash is kept by so much longer than it need be. Only
 * the newest segment grows.
 */
final class RecentHashes {
    /** The newest segment is saved with each commit until it is full, so it is small: 4 KB. */
    private static final int FULL = 512;

    private static final int SEGMENTS_PER_SPAN = 64;
    private static final int SMALLEST_TABLE = 1024;

    private final long spanMs;
    private final int most;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final List<Long> forgotten = new ArrayList<>();
    /** Linear probing; its length is a power of two, and 0 marks a free slot. */
    private long[] table = new long[SMALLEST_TABLE];

    private int size;
    private long nextNumber;
    private long nowMs = Long.MIN_VALUE;

    /**
     * Creates an empty set.
     *
     * @param spanMs how long a hash is kept, in ms
     * @param most how many hashes are kept, 1 or more
     */
    RecentHashes(long spanMs, int most) {
        this.spanMs = spanMs;
        this.most = most;
    }

    /** Adds a saved segment; those with lower numbers first. */
    void restore(long number, byte[] saved) {
        ByteBuffer bytes = ByteBuffer.wrap(saved);
        Segment segment = new Segment(number, bytes.getLong());
        nowMs = Math.max(nowMs, bytes.getLong());
        LongBuffer hashes = bytes.asLongBuffer();
        while (hashes.hasRemaining()) {
            long hash = hashes.get();
            insert(hash);
            segment.add(hash, nowMs);
        }
        segment.saved = true;
        segments.addLast(segment);
        nextNumber = number + 1;
    }

    /**
     * Adds a hash.
     *
     * @param atMs its time in ms; time does not go back: an earlier one counts as the latest so far
     * @return false if the set holds it already
     */
    boolean add(long hash, long atMs) {
        nowMs = Math.max(nowMs, atMs);
        while (!segments.isEmpty() && segments.getFirst().lastMs <= nowMs - spanMs) forgetOldest();
        long stored = hash == 0 ? 1 : hash;
        if (!insert(stored)) return false;
        Segment newest = segments.peekLast();
        if (newest == null || newest.count >= FULL || nowMs - newest.firstMs > spanMs / SEGMENTS_PER_SPAN) {
            newest = new Segment(nextNumber++, nowMs);
            segments.addLast(newest);
        }
        newest.add(stored, nowMs);
        if (size > most) forgetOldest();
        return true;
    }

    /** Passes on what has changed since the last call: segments to save, by number, and numbers to delete. */
    void drainChanges(BiConsumer<Long, byte[]> save, LongConsumer delete) {
        forgotten.forEach(delete::accept);
        forgotten.clear();
        for (Iterator<Segment> newestFirst = segments.descendingIterator(); newestFirst.hasNext(); ) {
            Segment segment = newestFirst.next();
            if (segment.saved) return;
            save.accept(segment.number, segment.bytes());
            segment.saved = true;
        }
    }

    int size() {
        return size;
    }

    private void forgetOldest() {
        Segment oldest = segments.removeFirst();
        for (int i = 0; i < oldest.count; i++) remove(oldest.hashes[i]);
        forgotten.add(oldest.number);
    }

    private boolean insert(long hash) {
        int slot = slot(hash);
        while (table[slot] != 0) {
            if (table[slot] == hash) return false;
            slot = next(slot);
        }
        table[slot] = hash;
        if (++size > table.length / 2) grow();
        return true;
    }

    private void grow() {
        long[] before = table;
        table = new long[2 * before.length];
        for (long hash : before)
            if (hash != 0) {
                int slot = slot(hash);
                while (table[slot] != 0) slot = next(slot);
                table[slot] = hash;
            }
    }

    /** Moves the hashes behind the removed one forward, so that no search stops before it finds them. */
    private void remove(long hash) {
        int free = slot(hash);
        while (table[free] != hash) {
            if (table[free] == 0) return; // was in two segments
            free = next(free);
        }
        size--;
        for (int slot = next(free); table[slot] != 0; slot = next(slot)) {
            int distance = slot - slot(table[slot]) & table.length - 1;
            if (distance >= (slot - free & table.length - 1)) {
                table[free] = table[slot];
                free = slot;
            }
        }
        table[free] = 0;
    }

    private int slot(long hash) {
        return (int) hash & table.length - 1;
    }

    private int next(int slot) {
        return slot + 1 & table.length - 1;
    }

    private static final class Segment {
        private final long number;
        private final long firstMs;
        private long lastMs;
        private long[] hashes = new long[16];
        private int count;
        private boolean saved;

        Segment(long number, long firstMs) {
            this.number = number;
            this.firstMs = firstMs;
            this.lastMs = firstMs;
        }

        void add(long hash, long nowMs) {
            if (count == hashes.length) hashes = Arrays.copyOf(hashes, 2 * count);
            hashes[count++] = hash;
            lastMs = nowMs;
            saved = false;
        }

        /** Big-endian: the times of the first and the last hash in ms, then the hashes. */
        byte[] bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * (2 + count));
            bytes.putLong(firstMs).putLong(lastMs).asLongBuffer().put(hashes, 0, count);
            return bytes.array();
        }
    }
}
