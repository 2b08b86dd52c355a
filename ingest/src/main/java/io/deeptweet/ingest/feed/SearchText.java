// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.ingest.feed;

import java.lang.Character.UnicodeScript;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Text in which words are looked for without regard to case, accents, widths (NFKD) and kinds of white space.
 *
 * <p>A word matches whole words: the characters around it are no letters or digits. In scripts that write words without
 * spaces, such as Han and Thai, it matches anywhere. An emoji matches with any skin tone, but not within a sequence
 * that is joined by U+200D, such as a family.
 */
final class SearchText {
    private static final Pattern MARKS = Pattern.compile("[\\u0300-\\u036f\\ufe0e\\ufe0f]");
    private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
    private static final int JOINER = 0x200d;

    private static final Set<UnicodeScript> WITHOUT_SPACES = EnumSet.of(
            UnicodeScript.HAN,
            UnicodeScript.HIRAGANA,
            UnicodeScript.KATAKANA,
            UnicodeScript.THAI,
            UnicodeScript.LAO,
            UnicodeScript.KHMER,
            UnicodeScript.MYANMAR);

    private final String folded;

    private SearchText(String folded) {
        this.folded = folded;
    }

    static SearchText of(String text) {
        // Upper case first: it knows more equal letters, such as ß and SS, or both kinds of small sigma.
        String lower = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('ς', 'σ');
        String plain =
                MARKS.matcher(Normalizer.normalize(lower, Normalizer.Form.NFKD)).replaceAll("");
        return new SearchText(SPACES.matcher(plain).replaceAll(" ").strip());
    }

    boolean isEmpty() {
        return folded.isEmpty();
    }

    /** Whether these words are in the text, side by side. */
    boolean contains(SearchText words) {
        String wanted = words.folded;
        for (int at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + 1)) {
            int end = at + wanted.length();
            boolean startsWord = at == 0 || isBoundary(folded.codePointBefore(at), wanted.codePointAt(0));
            boolean endsWord = end == folded.length()
                    || isBoundary(folded.codePointAt(end), wanted.codePointBefore(wanted.length()));
            if (startsWord && endsWord) return true;
        }
        return false;
    }

    /** Whether a word may end between a character of it and its neighbour. */
    private static boolean isBoundary(int neighbour, int own) {
        return neighbour != JOINER && !(isInWord(neighbour) && isInWord(own));
    }

    private static boolean isInWord(int character) {
        return (Character.isLetterOrDigit(character) || character == '_')
                && !WITHOUT_SPACES.contains(UnicodeScript.of(character));
    }
}
