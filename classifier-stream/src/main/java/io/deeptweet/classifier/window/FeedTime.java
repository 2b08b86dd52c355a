// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * How far a feed is.
 *
 * @param timeMs the latest time of its tweets, in ms since 1970; windows close by it
 * @param seenAtMs when its last sum came, by the clock, in ms since 1970
 * @param oldestMs no stored window of the feed starts before; {@link #NO_WINDOW} if there is none
 * @param closedToMs windows that start before are closed, and published as such
 * @param unpublished starts of the windows that have changed since they were published
 */
public record FeedTime(long timeMs, long seenAtMs, long oldestMs, long closedToMs, List<Long> unpublished) {
    static final long NO_WINDOW = Long.MAX_VALUE;

    private static final byte FORMAT = 2;

    public FeedTime {
        unpublished = List.copyOf(unpublished);
    }

    /** Returns the time of a feed that is new. */
    static FeedTime start() {
        return new FeedTime(0, 0, NO_WINDOW, 0, List.of());
    }

    /** Returns the time after a sum has come. */
    FeedTime seen(long eventMs, long nowMs) {
        return new FeedTime(Math.max(timeMs, eventMs), nowMs, oldestMs, closedToMs, unpublished);
    }

    /** Returns the time after a window has changed. */
    FeedTime changed(long startMs) {
        List<Long> all = unpublished;
        if (!all.contains(startMs)) {
            all = new ArrayList<>(all);
            all.add(startMs);
        }
        return new FeedTime(timeMs, seenAtMs, Math.min(oldestMs, startMs), closedToMs, all);
    }

    /** Returns the time after the changes have been published. */
    FeedTime published() {
        return new FeedTime(timeMs, seenAtMs, oldestMs, closedToMs, List.of());
    }

    /** Returns the time after the windows before a start have been published as closed. */
    FeedTime closedTo(long startMs) {
        return new FeedTime(timeMs, seenAtMs, oldestMs, startMs, unpublished);
    }

    /** Returns the time after the windows before a start have been deleted. */
    FeedTime deletedBefore(long startMs) {
        return new FeedTime(timeMs, seenAtMs, startMs, closedToMs, unpublished);
    }

    boolean hasWindows() {
        return oldestMs != NO_WINDOW;
    }

    /** Big-endian: format (1), the four times (8 each), and each unpublished start (8). */
    static Serde<FeedTime> serde() {
        return Serdes.serdeFrom(
                (topic, time) -> time == null ? null : time.bytes(),
                (topic, bytes) -> bytes == null ? null : of(bytes));
    }

    private byte[] bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES * (4 + unpublished.size()))
                .put(FORMAT)
                .putLong(timeMs)
                .putLong(seenAtMs)
                .putLong(oldestMs)
                .putLong(closedToMs);
        unpublished.forEach(bytes::putLong);
        return bytes.array();
    }

    private static FeedTime of(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte format = buffer.get();
        if (format != FORMAT)
            throw new SerializationException("the time of a feed has format " + format + ", but this release reads "
                    + FORMAT + ": use the release that wrote the state");
        long time = buffer.getLong();
        long seenAt = buffer.getLong();
        long oldest = buffer.getLong();
        long closedTo = buffer.getLong();
        List<Long> unpublished = new ArrayList<>();
        while (buffer.hasRemaining()) unpublished.add(buffer.getLong());
        return new FeedTime(time, seenAt, oldest, closedTo, unpublished);
    }
}
