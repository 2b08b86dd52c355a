// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.service.file;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The encodings in which a file's records may be. UTF-16 is none of them: {@link InputFile} turns it into UTF-8. */
public enum RecordEncoding {
    /** UTF-8. A record that is not UTF-8 is invalid. */
    UTF_8,
    /**
     * UTF-8, and ISO-8859-1 for each record that is not UTF-8. Files that are said to hold ISO-8859-1 hold
     * Windows-1252, which has characters such as curly quotes where the other has invisible controls; it is read as
     * browsers read it.
     *
     * @see <a href="https://encoding.spec.whatwg.org/#windows-1252">Encoding Standard, windows-1252</a>
     */
    ISO_8859_1;

    /** The characters of the bytes 80 to 9f. Five of them have none but a control. */
    private static final String WINDOWS_1252 = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021"
            + "\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f"
            + "\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014"
            + "\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178";

    /** A record as UTF-8: the same array if it is that already, or if it is in no encoding that is looked for. */
    public byte[] utf8(byte[] record) {
        return this == UTF_8 || isUtf8(record) ? record : ofWindows1252(record).getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isUtf8(byte[] record) {
        try {
            Utf8.decode(record);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static String ofWindows1252(byte[] record) {
        StringBuilder text = new StringBuilder(record.length);
        for (byte b : record) {
            int c = Byte.toUnsignedInt(b);
            text.append(c >= 0x80 && c < 0xa0 ? WINDOWS_1252.charAt(c - 0x80) : (char) c);
        }
        return text.toString();
    }
}
