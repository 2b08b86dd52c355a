// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.tweet;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes as text, strictly: what is not UTF-8 must not pass as a text full of question marks. */
public final class Utf8 {
    private Utf8() {}

    /**
     * @throws CharacterCodingException if the bytes are not UTF-8; overlong forms and halves of surrogate pairs are
     *     none
     */
    public static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }
}
