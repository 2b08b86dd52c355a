// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.window;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A window of a feed. Its size is that of the processor and the store that it belongs to.
 *
 * @param startMs its start (inclusive), in ms since 1970, not negative
 */
public record FeedWindow(String feed, long startMs) {
    public Instant start() {
        return Instant.ofEpochMilli(startMs);
    }

    /** Big-endian, so that the windows of a feed are in the order of time: length of the feed (4), feed, start (8). */
    static Serde<FeedWindow> serde() {
        return Serdes.serdeFrom((topic, window) -> write(window), (topic, bytes) -> read(bytes));
    }

    private static byte[] write(FeedWindow window) {
        byte[] feed = window.feed.getBytes(UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + feed.length + Long.BYTES)
                .putInt(feed.length)
                .put(feed)
                .putLong(window.startMs)
                .array();
    }

    private static FeedWindow read(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        byte[] feed = new byte[buffer.getInt()];
        buffer.get(feed);
        return new FeedWindow(new String(feed, UTF_8), buffer.getLong());
    }
}
