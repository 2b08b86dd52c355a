// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The scope of negations: up to {@value #SCOPE} tokens after a negation, such as {@code good at all} in {@code not good
 * at all !}. A conjunction that opens another clause ends the scope, and so does a token that is no word: {@code !},
 * {@code ?}, an emoticon or an emoji. Another negation starts a new scope and is in none itself.
 *
 * <p>A token is no word if it is {@code <3} or {@code </3}, or if its first byte in UTF-8 is ASCII, but no letter,
 * digit or {@code <}; or 0xE2, as of most symbols; or 0xF0 to 0xFF, as of most emoji. So {@code <num>}, {@code <user>}
 * and {@code <url>} are words.
 *
 * <p>Models depend on these lists: a change needs a new format of the artefact.
 *
 * @see <a href="https://doi.org/10.1287/mnsc.1070.0704">Das and Chen: Yahoo! for Amazon: Sentiment Extraction from
 *     Small Talk on the Web, 2007 (first 2001)</a>
 * @see <a href="https://arxiv.org/abs/cs/0205070">Pang, Lee and Vaithyanathan: Thumbs up? Sentiment Classification
 *     using Machine Learning Techniques, 2002</a>
 */
public final class Negation {
    /** Most tokens in the scope of a negation. */
    public static final int SCOPE = 5;

    /** Negations as {@link TextPipeline#deepTweet()} writes them, and then as the pipelines of the paper do. */
    static final Set<String> NEGATIONS = Set.of("""
            not no n't never nobody nothing none noone nowhere neither nor without hardly barely
            cannot cant wont dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt wouldnt couldnt shouldnt
            aint mustnt neednt""".split("\\s+"));

    /** What ends a scope, beside the tokens whose first byte tells it. */
    static final Set<String> ENDS = Set.of("but", "although", "though", "however", "because", "<3", "</3");

    private static final boolean[] IS_SYMBOL = new boolean[256]; // by the first byte
    private static final Word[] TABLE = new Word[256]; // a hash table with open addressing

    private record Word(byte[] utf8, int hash, boolean negation) {}

    static {
        for (int first = 0; first < 256; first++)
            IS_SYMBOL[first] =
                    first < 0x80 ? first != '<' && !Character.isLetterOrDigit(first) : first == 0xE2 || first >= 0xF0;
        NEGATIONS.forEach(word -> put(word, true));
        ENDS.forEach(word -> put(word, false));
    }

    private Negation() {}

    private static void put(String word, boolean negation) {
        byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
        int hash = TokenBuffer.HASH_BASIS;
        for (byte b : utf8) hash = TokenBuffer.hash(hash, b);
        int at = hash & TABLE.length - 1;
        while (TABLE[at] != null) at = at + 1 & TABLE.length - 1;
        TABLE[at] = new Word(utf8, hash, negation);
    }

    /** Which tokens of a text are in the scope of a negation. */
    public static boolean[] scope(List<String> tokens) {
        boolean[] scope = new boolean[tokens.size()];
        int left = 0;
        for (int i = 0; i < scope.length; i++) {
            String token = tokens.get(i);
            if (NEGATIONS.contains(token)) {
                left = SCOPE;
            } else if (ENDS.contains(token) || IS_SYMBOL[token.getBytes(StandardCharsets.UTF_8)[0] & 0xFF]) {
                left = 0;
            } else if (left > 0) {
                scope[i] = true;
                left--;
            }
        }
        return scope;
    }

    /**
     * Finds the same tokens as {@link #scope}, for the scoring path.
     *
     * @param mark of tokens in the scope of a negation
     * @param marks receives the mark or 0 for each token
     */
    public static void mark(TokenBuffer text, int mark, int[] marks) {
        byte[] utf8 = text.utf8();
        int left = 0;
        for (int i = 0; i < text.count(); i++) {
            Word word = find(text, i);
            marks[i] = 0;
            if (word != null && word.negation) {
                left = SCOPE;
            } else if (left > 0) {
                boolean ends = word != null || IS_SYMBOL[utf8[text.start(i)] & 0xFF];
                left = ends ? 0 : left - 1;
                if (!ends) marks[i] = mark;
            }
        }
    }

    private static Word find(TokenBuffer text, int token) {
        int hash = text.hash(token);
        for (int at = hash & TABLE.length - 1; TABLE[at] != null; at = at + 1 & TABLE.length - 1) {
            Word word = TABLE[at];
            if (word.hash == hash
                    && Arrays.equals(word.utf8, 0, word.utf8.length, text.utf8(), text.start(token), text.end(token)))
                return word;
        }
        return null;
    }
}
