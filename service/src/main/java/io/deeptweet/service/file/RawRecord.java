// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

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

    /**
     * The record as text.
     *
     * @throws CharacterCodingException if it is not UTF-8; overlong forms and encoded surrogates are not
     */
    public String utf8() throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
