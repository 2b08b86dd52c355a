// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.text;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Makes text that somebody else wrote (tweets, names, reasons) safe to print in logs, terminals and pages.
 *
 * <p>Unsafe are control characters, line separators, halves of surrogate pairs, and format characters, which are
 * invisible or change the direction of writing. The zero-width joiner U+200D is kept, because emoji are built with it.
 *
 * @see <a href="https://www.unicode.org/reports/tr36/">Unicode Technical Report 36, Unicode Security Considerations</a>
 */
public final class UntrustedText {
    private static final int LONGEST_QUOTE = 80;
    private static final int ZERO_WIDTH_JOINER = 0x200d;
    private static final Pattern USER_INFO = Pattern.compile("^([a-zA-Z][a-zA-Z0-9+.-]*://)?.*@", Pattern.DOTALL);

    private UntrustedText() {}

    /**
     * The text on one line: a line end becomes {@code ⏎}, a tab becomes a space, and every other unsafe character
     * becomes U+FFFD.
     */
    public static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.replace("\r\n", "\n").replace('\t', ' ').codePoints().forEach(c -> {
            if (c == '\n') line.append('⏎');
            else if (isUnsafe(c)) line.append('\uFFFD');
            else line.appendCodePoint(c);
        });
        return line.toString();
    }

    /**
     * JSON of the same meaning, with unsafe characters written as {@code \\uXXXX}.
     *
     * @param json valid JSON on one line, so that unsafe characters stand within strings only
     */
    public static String json(String json) {
        return escaped(json, UntrustedText::isUnsafe);
    }

    /** As {@link #json}, with {@code <}, {@code >} and {@code &} escaped too: safe within an HTML page. */
    public static String jsonForHtml(String json) {
        return escaped(json, c -> isUnsafe(c) || c == '<' || c == '>' || c == '&');
    }

    /** The value on one line, cut to {@value #LONGEST_QUOTE} characters, in double quotes: for error messages. */
    public static String quoted(String value) {
        return '"' + oneLine(shortened(value, LONGEST_QUOTE)) + '"';
    }

    /**
     * The text, or if it is too long its beginning and an ellipsis. Does not split a surrogate pair.
     *
     * @param longest the most UTF-16 units that are kept; the ellipsis is not counted
     */
    public static String shortened(String text, int longest) {
        if (text.length() <= longest) return text;
        boolean splits = longest > 0
                && Character.isHighSurrogate(text.charAt(longest - 1))
                && Character.isLowSurrogate(text.charAt(longest));
        return text.substring(0, splits ? longest - 1 : longest) + "…";
    }

    private static String escaped(String json, IntPredicate unsafe) {
        StringBuilder line = new StringBuilder(json.length());
        json.codePoints().forEach(c -> {
            if (unsafe.test(c))
                for (char unit : Character.toChars(c)) line.append(String.format("\\u%04x", (int) unit));
            else line.appendCodePoint(c);
        });
        return line.toString();
    }

    private static boolean isUnsafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> c != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    /**
     * An address without user and password, even if it is malformed: a password may hold any character, and the scheme
     * may be missing. In a list of addresses, only the first scheme and what follows the last {@code @} are kept.
     */
    public static String withoutUserInfo(String address) {
        return USER_INFO.matcher(address).replaceFirst("$1");
    }
}
