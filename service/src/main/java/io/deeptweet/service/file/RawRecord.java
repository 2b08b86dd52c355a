// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

/**
 * A record byte for byte as the file holds it, without its line end.
 *
 * @param line number of its first line in the file, from 1
 * @param bytes the whole record, or its beginning if it is too large
 * @param size bytes of the whole record
 */
public record RawRecord(long line, byte[] bytes, long size) {
    /** Whether {@link #bytes} is only the beginning. */
    public boolean isCut() {
        return size > bytes.length;
    }

    /** Whether it holds nothing but spaces and tabs. */
    public boolean isBlank() {
        for (byte b : bytes) if (b != ' ' && b != '\t' && b != '\r') return false;
        return true;
    }
}
