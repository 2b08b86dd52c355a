// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.shape;

import java.util.List;

/**
 * What a record holds.
 *
 * @param shape name of the shape or format that was recognised; {@code unknown} if none was
 * @param parts at least one
 */
public record Content(String shape, List<Part> parts) {
    /** No shape or format was recognised. */
    public static final String UNKNOWN = "unknown";

    public Content {
        parts = List.copyOf(parts);
    }

    /** The same, received as these bytes, if they hold one post. */
    Content receivedAs(byte[] record) {
        return parts.size() == 1 ? new Content(shape, List.of(parts.get(0).receivedAs(record))) : this;
    }
}
