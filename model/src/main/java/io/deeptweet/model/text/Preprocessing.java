// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

/**
 * What {@link TextPipeline#deepTweet2()} changes in a text before it tokenizes it:
 *
 * <ul>
 *   <li>An emoji sequence that zero-width joiners join keeps its first emoji alone, so that it is one token that other
 *       texts have too: a woman shrugging is a person shrugging. Skin tones are removed later, as other modifiers are.
 *   <li>A hashtag is split into words where a capital letter follows a small letter or a digit, where the last of
 *       several capital letters begins a word, and before two or more digits at its end: {@code #NotGood},
 *       {@code #NHSHeroes} and {@code #WorldCup2022} become {@code not good}, {@code nhs heroes} and {@code world cup
 *       2022}. A single small letter at its start stays with its word: {@code #iPhone}.
 * </ul>
 *
 * <p>Most texts have neither and are returned as they are, without allocating memory.
 */
final class Preprocessing {
    private static final char JOINER = 0x200D;
    private static final int ASCII = 0x80;

    private final String text;
    private final StringBuilder changed;

    private Preprocessing(String text) {
        this.text = text;
        changed = new StringBuilder(text.length() + 16);
    }

    static String of(String text) {
        return text.indexOf('#') < 0 && text.indexOf(JOINER) < 0 ? text : new Preprocessing(text).changed();
    }

    private String changed() {
        boolean joinable = false; // whether an emoji is before this, and modifiers at most between them
        for (int at = 0; at < text.length(); ) {
            int codePoint = text.codePointAt(at);
            if (codePoint == JOINER && joinable && isEmoji(codePointAt(at + 1))) {
                at = afterModifiers(at + 1 + Character.charCount(codePointAt(at + 1)));
            } else if (codePoint == '#' && startsHashtag(at)) {
                joinable = false;
                changed.append('#');
                at = hashtag(at + 1);
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

    /** Whether a character can be part of an emoji sequence; one of them, {@code ↔}, is a mathematical symbol. */
    private static boolean isEmoji(int codePoint) {
        return codePoint >= ASCII
                && (DeepTweetTokenizer.isSymbol(codePoint) || Character.getType(codePoint) == Character.MATH_SYMBOL);
    }

    /** A variation selector or a skin tone. */
    private static boolean isModifier(int codePoint) {
        return codePoint == 0xFE0E || codePoint == 0xFE0F || (codePoint >= 0x1F3FB && codePoint <= 0x1F3FF);
    }

    /** Not in a word, nor in an HTML entity. */
    private boolean startsHashtag(int at) {
        return at == 0 || text.charAt(at - 1) != '&' && !isPart(text.charAt(at - 1));
    }

    private static boolean isPart(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }

    /**
     * Appends a hashtag's words.
     *
     * @param from the index after its sign
     * @return the index after it
     */
    private int hashtag(int from) {
        int end = from;
        while (end < text.length() && isPart(text.charAt(end))) end++;
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
        char before = text.charAt(at - 1);
        if (Character.isUpperCase(before)) return at + 1 < end && Character.isLowerCase(text.charAt(at + 1));
        return Character.isDigit(before) || Character.isLowerCase(before) && at - 1 > from;
    }
}
