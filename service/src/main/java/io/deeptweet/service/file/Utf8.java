// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Decodes UTF-8 strictly. {@link String#String(byte[], java.nio.charset.Charset)} replaces invalid bytes instead. */
public final class Utf8 {
    private Utf8() {}

    /** @throws CharacterCodingException if the bytes are not UTF-8; overlong forms and encoded surrogates are not */
    public static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
