// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The two text cleanings of the paper. They remove characters and put nothing in their place: {@code so...sad} becomes
 * {@code sosad}, as in the paper.
 */
final class PaperTokenizer {
    // All quantifiers are possessive: no pattern backtracks, so hostile text takes no longer than other text.
    private static final Pattern URL_OR_MENTION = Pattern.compile("(?:https?://|www\\.)\\S*+|@\\w++");
    private static final Pattern NOT_LETTER = Pattern.compile("[^a-z\\s]++");
    private static final Pattern NOT_ASCII_OR_PUNCTUATION =
            Pattern.compile("[^\\p{ASCII}]++|\\p{Punct}++|[\\p{Cntrl}&&\\S]++");
    private static final Pattern SPACE = Pattern.compile("\\s++");

    /**
     * NLTK's English stop words, without those that have an apostrophe: cleaning turns {@code don't} into {@code dont},
     * which is not a stop word, as in the paper.
     */
    private static final Set<String> STOP_WORDS = Set.of("""
          i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers
          herself it its itself they them their theirs themselves what which who whom this that these those am is
          are was were be been being have has had having do does did doing a an the and but if or because as until
          while of at by for with about against between into through during before after above below to from up
          down in out on off over under again further then once here there when where why how all any both each few
          more most other some such no nor not only own same so than too very s t can will just don should now d ll
          m o re ve y ain aren couldn didn doesn hadn hasn haven isn ma mightn mustn needn shan shouldn wasn weren
          won wouldn""".split("\\s+"));

    private PaperTokenizer() {}

    /** The tokens of listing 1. */
    static List<String> lettersWithoutStopWords(String text) {
        return words(NOT_LETTER, text).stream()
                .filter(word -> !STOP_WORDS.contains(word))
                .toList();
    }

    /** The tokens of listing 5. */
    static List<String> asciiWithoutPunctuation(String text) {
        return words(NOT_ASCII_OR_PUNCTUATION, text);
    }

    private static List<String> words(Pattern unwanted, String text) {
        String plain = URL_OR_MENTION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACE.splitAsStream(unwanted.matcher(plain).replaceAll(""))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
