// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The words that {@link DeepTweetTokenizer#word} writes as other tokens, such as {@code dont} as {@code do n't}, in a
 * hash table with open addressing.
 */
final class RewrittenWords {
    private static final Rewritten[] TABLE = new Rewritten[256];
    private static final int LONGEST;

    private record Rewritten(byte[] word, int hash, byte[][] tokens) {}

    static {
        List<String> words = new ArrayList<>(DeepTweetTokenizer.WITH_APOSTROPHE.keySet());
        words.add("cannot");
        for (String stem : DeepTweetTokenizer.NEGATED) words.addAll(List.of(stem + "nt", stem + "n't"));
        int longest = 0;
        for (String word : words) {
            List<String> tokens = new ArrayList<>();
            DeepTweetTokenizer.word(word, tokens);
            byte[] utf8 = utf8(word);
            int hash = TokenBuffer.HASH_BASIS;
            for (byte b : utf8) hash = TokenBuffer.hash(hash, b);
            int at = hash & TABLE.length - 1;
            while (TABLE[at] != null) at = at + 1 & TABLE.length - 1;
            TABLE[at] = new Rewritten(
                    utf8, hash, tokens.stream().map(RewrittenWords::utf8).toArray(byte[][]::new));
            longest = Math.max(longest, utf8.length);
        }
        LONGEST = longest;
    }

    private RewrittenWords() {}

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Replaces the last token if it is one of the words. */
    static void rewriteLast(TokenBuffer tokens) {
        int token = tokens.count() - 1;
        int start = tokens.start(token);
        int length = tokens.end(token) - start;
        if (length > LONGEST) return;
        int hash = tokens.hash(token);
        for (int at = hash & TABLE.length - 1; TABLE[at] != null; at = at + 1 & TABLE.length - 1) {
            if (TABLE[at].hash != hash) continue;
            byte[] word = TABLE[at].word;
            if (!Arrays.equals(word, 0, word.length, tokens.utf8(), start, start + length)) continue;
            tokens.removeLast();
            for (byte[] other : TABLE[at].tokens) tokens.add(other);
            return;
        }
    }
}
