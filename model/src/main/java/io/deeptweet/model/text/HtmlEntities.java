// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

/** Finds and decodes HTML entities without allocating memory. {@link DeepTweetTokenizer} defines which there are. */
final class HtmlEntities {
    private static final String[] NAMES = {"amp;", "lt;", "gt;", "quot;", "apos;", "nbsp;"};
    private static final String CHARACTERS = "&<>\"' "; // of each name

    private HtmlEntities() {}

    /**
     * The index after an entity.
     *
     * @param from the index after an {@code &}
     * @return 0 if no entity starts with that {@code &}
     */
    static int end(String text, int from) {
        int length = text.length();
        if (from < length && text.charAt(from) == '#') {
            boolean hexadecimal = isHexadecimal(text, from);
            int first = hexadecimal ? from + 2 : from + 1;
            int at = first;
            while (at < length && at - first < 8 && isDigit(text.charAt(at), hexadecimal)) at++;
            return at > first && at - first <= (hexadecimal ? 6 : 7) && at < length && text.charAt(at) == ';'
                    ? at + 1
                    : 0;
        }
        for (String name : NAMES) if (text.startsWith(name, from)) return from + name.length();
        return 0;
    }

    /**
     * The code point that an entity stands for; a space if its number is not a code point.
     *
     * @param from the index after the {@code &}
     * @param end what {@link #end} has returned
     */
    static int decode(String text, int from, int end) {
        if (text.charAt(from) != '#') {
            for (int i = 0; i < NAMES.length; i++) if (text.startsWith(NAMES[i], from)) return CHARACTERS.charAt(i);
        }
        boolean hexadecimal = isHexadecimal(text, from);
        int codePoint = Integer.parseInt(text, hexadecimal ? from + 2 : from + 1, end - 1, hexadecimal ? 16 : 10);
        return Character.isValidCodePoint(codePoint) ? codePoint : ' ';
    }

    private static boolean isHexadecimal(String text, int from) {
        return from + 1 < text.length() && (text.charAt(from + 1) | 0x20) == 'x';
    }

    private static boolean isDigit(char c, boolean hexadecimal) {
        return (c >= '0' && c <= '9') || (hexadecimal && (c | 0x20) >= 'a' && (c | 0x20) <= 'f');
    }
}
