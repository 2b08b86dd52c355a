// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.util.Arrays;

/**
 * A text whose HTML entities are decoded and whose characters are folded, each by itself, as
 * {@link DeepTweetTokenizer#fold} defines. It keeps its memory from one text to the next.
 *
 * <p>An index may be one past the last character, where {@link #END} is, so scanning needs no bounds checks.
 */
final class FoldedText {
    /** Comes after the folded text, which contains no control characters. */
    static final char END = 0;

    static final int ASCII = 0x80;
    private static final char[] FOLDED_ASCII = new char[ASCII];

    private static final int PAGE = 0x100;
    /**
     * Marks a character that folds to itself, as most do. Compared by identity, so it differs from every other string.
     */
    private static final String ITSELF = new String("itself");
    /**
     * The folded strings of all other characters, in pages that are filled on first use. Threads may race to fill an
     * entry; they write equal strings.
     */
    private static final String[][] FOLDED = new String[(Character.MAX_CODE_POINT + 1) / PAGE][];

    static {
        for (char c = 0; c < ASCII; c++) FOLDED_ASCII[c] = fold(c).charAt(0);
    }

    private char[] characters = new char[512];
    private int length;

    /** Decodes and folds a text. */
    void read(String text) {
        if (characters.length <= text.length()) characters = new char[2 * text.length()];
        length = readAscii(text);
        int highSurrogate = 0; // waits for its low surrogate
        for (int i = length; i < text.length(); ) {
            int c = text.charAt(i++);
            if (c == '&') {
                int end = HtmlEntities.end(text, i);
                if (end > 0) {
                    c = HtmlEntities.decode(text, i, end);
                    i = end;
                }
            }
            if (highSurrogate != 0) {
                if (Character.isBmpCodePoint(c) && Character.isLowSurrogate((char) c))
                    c = Character.toCodePoint((char) highSurrogate, (char) c);
                else append(' ');
                highSurrogate = 0;
            }
            if (c < ASCII) append(FOLDED_ASCII[c]);
            else if (c >= Character.MIN_HIGH_SURROGATE && c <= Character.MAX_HIGH_SURROGATE) highSurrogate = c;
            else appendFolded(c);
        }
        if (highSurrogate != 0) append(' ');
        append(END);
        length--;
    }

    /**
     * Folds a text up to its first character that is an {@code &} or not ASCII. Most texts have none.
     *
     * @return how many characters were folded
     */
    private int readAscii(String text) {
        char[] characters = this.characters;
        int end = text.length();
        text.getChars(0, end, characters, 0);
        for (int i = 0; i < end; i++) {
            char c = characters[i];
            if (c >= ASCII || c == '&') return i;
            characters[i] = FOLDED_ASCII[c];
        }
        return end;
    }

    @SuppressWarnings("ReferenceEquality") // see ITSELF
    private void appendFolded(int codePoint) {
        String[] page = FOLDED[codePoint / PAGE];
        if (page == null) FOLDED[codePoint / PAGE] = page = new String[PAGE];
        String folded = page[codePoint % PAGE];
        if (folded == null) {
            folded = fold(codePoint);
            if (folded.equals(Character.toString(codePoint))) folded = ITSELF;
            page[codePoint % PAGE] = folded;
        }
        if (folded != ITSELF) {
            for (int i = 0; i < folded.length(); i++) append(folded.charAt(i));
        } else if (Character.isBmpCodePoint(codePoint)) {
            append((char) codePoint);
        } else {
            append(Character.highSurrogate(codePoint));
            append(Character.lowSurrogate(codePoint));
        }
    }

    private static String fold(int codePoint) {
        StringBuilder folded = new StringBuilder();
        DeepTweetTokenizer.fold(codePoint, folded);
        return folded.toString();
    }

    private void append(char c) {
        if (length == characters.length) characters = Arrays.copyOf(characters, 2 * length);
        characters[length++] = c;
    }

    /** Frees the memory that an unusually long text needed. */
    void freeMemory() {
        if (characters.length > TokenBuffer.KEPT_CAPACITY) characters = new char[TokenBuffer.KEPT_CAPACITY];
    }

    /** The number of folded characters. */
    int length() {
        return length;
    }

    /** The folded characters, {@link #END} and memory that is not in use. */
    char[] characters() {
        return characters;
    }

    /** The character before an index; a space before the first one. */
    char before(int at) {
        return at == 0 ? ' ' : characters[at - 1];
    }

    int codePoint(int at) {
        char c = characters[at];
        return Character.isHighSurrogate(c) ? Character.toCodePoint(c, characters[at + 1]) : c;
    }

    boolean startsWith(String prefix, int at) {
        for (int i = 0; i < prefix.length(); i++)
            if (characters[at + i] != prefix.charAt(i)) return false; // at END at the latest
        return true;
    }

    /** The index after a run of one character. */
    int endOfRun(char c, int at) {
        while (characters[at] == c) at++;
        return at;
    }

    /** The index after a run of {@link #isWord} characters. */
    int endOfWord(int at) {
        while (isWord(characters[at])) at++;
        return at;
    }

    /** The index of the next space or of the end. */
    int nextSpace(int at) {
        while (!isSpace(characters[at])) at++;
        return at;
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == END;
    }

    /** Whether a folded character matches {@code \w}. */
    static boolean isWord(char c) {
        return isLetterOrDigit(c) || c == '_';
    }

    /** Whether a folded character is a letter or digit of ASCII. */
    static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
