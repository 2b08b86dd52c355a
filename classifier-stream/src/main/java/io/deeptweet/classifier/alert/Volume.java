// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.classifier.alert;

import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * The numbers of tweets in some windows.
 *
 * @param windows number of windows
 * @param sum of their numbers of tweets
 * @param squares sum of the squares of their numbers of tweets
 */
record Volume(long windows, double sum, double squares) {
    static final Volume NONE = new Volume(0, 0, 0);

    private static final byte FORMAT = 1;

    Volume plus(long count) {
        return new Volume(windows + 1, sum + count, squares + (double) count * count);
    }

    Volume plusEmpty(long number) {
        return new Volume(windows + number, sum, squares);
    }

    Volume plus(Volume other) {
        return new Volume(windows + other.windows, sum + other.sum, squares + other.squares);
    }

    double mean() {
        return sum / windows;
    }

    /** The sample's standard deviation, but at least that of a Poisson process with this mean, and at least 1. */
    double deviation() {
        double variance = windows < 2 ? 0 : Math.max(0, (squares - sum * sum / windows) / (windows - 1));
        return Math.sqrt(Math.max(1, Math.max(variance, mean())));
    }

    /** Big-endian: format (1), windows, sum, squares (8 each). */
    static Serde<Volume> serde() {
        return Serdes.serdeFrom(
                (topic, volume) -> volume == null
                        ? null
                        : ByteBuffer.allocate(1 + 3 * Long.BYTES)
                                .put(FORMAT)
                                .putLong(volume.windows)
                                .putDouble(volume.sum)
                                .putDouble(volume.squares)
                                .array(),
                (topic, bytes) -> bytes == null ? null : of(ByteBuffer.wrap(bytes)));
    }

    private static Volume of(ByteBuffer bytes) {
        byte format = bytes.get();
        if (format != FORMAT)
            throw new SerializationException("a volume has format " + format + ", but this release reads " + FORMAT
                    + ": use the release that wrote the state");
        return new Volume(bytes.getLong(), bytes.getDouble(), bytes.getDouble());
    }
}
