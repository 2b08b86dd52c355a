// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

/**
 * What {@link TextPipeline#deepTweet2()} changes in a text before it tokenizes it:
 *
 * <ul>
 *   <li>An emoji sequence that zero-width joiners join becomes its first emoji, one token: a woman shrugging becomes a
 *       person shrugging. Skin tones are removed later, as other modifiers are.
 *   <li>A hashtag is split into words where a capital letter follows a small letter or a digit, where the last of
 *       several capital letters begins a word, and before two or more digits at its end: {@code #NotGood},
 *       {@code #NHSHeroes} and {@code #WorldCup2022} become {@code not good}, {@code nhs heroes} and {@code world cup
 *       2022}. A single small letter at its start stays with its word, and so does an {@code s} after capital letters:
 *       {@code #iPhone}, {@code #TVs}. A hashtag starts at the start of the text, after white space or after another
 *       hashtag, so never in a link.
 * </ul>
 *
 * <p>Most texts have neither and are returned as they are, without allocating memory.
 */
final class Preprocessing {
    private static final char JOINER = 0x200D;
    private static final char WIDE_SIGN = '\uFF03';

    private final String text;
    private final StringBuilder changed;

    private Preprocessing(String text) {
        this.text = text;
        changed = new StringBuilder(text.length() + 16);
    }

    static String of(String text) {
        return text.indexOf('#') < 0 && text.indexOf(WIDE_SIGN) < 0 && text.indexOf(JOINER) < 0
                ? text
                : new Preprocessing(text).changed();
    }

    private String changed() {
        boolean joinable = false; // whether an emoji is before this, and modifiers at most between them
        int endOfHashtag = 0;
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            if (codePoint == JOINER && joinable && isJoined(codePointAt(at + 1))) {
                at = afterModifiers(at + 1 + Character.charCount(codePointAt(at + 1)));
            } else if ((codePoint == '#' || codePoint == WIDE_SIGN)
                    && (at == endOfHashtag || isSpace(text.charAt(at - 1)))) {
                joinable = false;
                changed.append(" #");
                at = endOfHashtag = hashtag(at + 1);
            } else {
                joinable = isEmoji(codePoint) || joinable && isModifier(codePoint);
                changed.appendCodePoint(codePoint);
                at += Character.charCount(codePoint);
            }
        }
        return changed.toString();
    }

    /** The character at an index; a space after the last one. */
    private int codePointAt(int at) {
        return at < text.length() ? text.codePointAt(at) : ' ';
    }

    private int afterModifiers(int from) {
        int at = from;
        while (isModifier(codePointAt(at))) at += Character.charCount(codePointAt(at));
        return at;
    }

    /** An emoji, but no half of a flag. */
    private static boolean isEmoji(int codePoint) {
        return DeepTweetTokenizer.isSymbol(codePoint) && !(codePoint >= 0x1F1E6 && codePoint <= 0x1F1FF);
    }

    /** Whether a character can follow a joiner; one of them, {@code ↔}, is a mathematical symbol. */
    private static boolean isJoined(int codePoint) {
        return isEmoji(codePoint) || codePoint == 0x2194;
    }

    /** A variation selector or a skin tone. */
    private static boolean isModifier(int codePoint) {
        return codePoint == 0xFE0E || codePoint == 0xFE0F || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == 0xA0;
    }

    /** Whether a character belongs to a hashtag: letters, marks, digits, underscores, apostrophes within a word. */
    private boolean isPart(int at) {
        char c = text.charAt(at);
        return c == '_'
                || Character.isLetterOrDigit(c)
                || isMark(c)
                || ((c == '\'' || c == '’')
                        && Character.isLetter(text.charAt(at - 1))
                        && at + 1 < text.length()
                        && Character.isLetter(text.charAt(at + 1)));
    }

    private static boolean isMark(char c) {
        return Character.getType(c) == Character.NON_SPACING_MARK;
    }

    /**
     * Appends a hashtag's words.
     *
     * @param from the index after its sign
     * @return the index after it
     */
    private int hashtag(int from) {
        int end = from;
        while (end < text.length() && isPart(end)) end++;
        int digits = end; // where the last digits start
        while (digits > from && Character.isDigit(text.charAt(digits - 1))) digits--;
        for (int at = from; at < end; at++) {
            boolean number = at == digits && end - digits >= 2;
            if (at > from && (number || startsWord(at, from, end))) changed.append(' ');
            changed.append(text.charAt(at));
        }
        return end;
    }

    private boolean startsWord(int at, int from, int end) {
        if (!Character.isUpperCase(text.charAt(at))) return false;
        int before = at - 1;
        while (before > from && isMark(text.charAt(before))) before--;
        char last = text.charAt(before);
        if (Character.isUpperCase(last))
            return at + 1 < end && Character.isLowerCase(text.charAt(at + 1)) && !isPlural(at + 1, end);
        return Character.isDigit(last) || Character.isLowerCase(last) && before > from;
    }

    /** Whether the letter is the {@code s} after capital letters, as in {@code #DMsOpen}. */
    private boolean isPlural(int at, int end) {
        return text.charAt(at) == 's' && (at + 1 == end || !Character.isLowerCase(text.charAt(at + 1)));
    }
}
