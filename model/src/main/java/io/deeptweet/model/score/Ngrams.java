// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.Negation;
import io.deeptweet.model.text.TokenBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The hashed n-grams of a text: the word n-grams of 1 to {@value #WORDS} tokens, and the byte n-grams of
 * {@value #SHORTEST} to {@value #LONGEST} bytes of the tokens in UTF-8, separated by spaces. Their weights add a linear
 * term to the logit of the network, which also covers words and spellings that are too rare for the vocabulary.
 *
 * <p>The bucket of an n-gram is computed from the 32-bit FNV-1a hash of its bytes: invert all bits for a word n-gram,
 * mix with the first half of Wellons' {@code lowbias32}, and take the lowest bits.
 *
 * <p>A model can mark negation: the hash of an n-gram that starts in the scope of a {@link Negation} is changed by a
 * constant before it is mixed. So {@code miserable} in {@code not miserable} has other weights than elsewhere. A byte
 * n-gram has the mark of the token in which it starts; the space before a token belongs to that token.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-eastlake-fnv">The FNV Non-Cryptographic Hash Algorithm</a>
 * @see <a href="https://nullprogram.com/blog/2018/07/31/">Wellons: Prospecting for Hash Functions, 2018</a>
 * @see <a href="https://arxiv.org/abs/0902.2206">Weinberger et al.: Feature Hashing for Large Scale Multitask Learning,
 *     2009</a>
 */
public final class Ngrams {
    /** Maximum tokens of a word n-gram. */
    public static final int WORDS = 3;
    /** Minimum bytes of a byte n-gram. */
    public static final int SHORTEST = 2;
    /** Maximum bytes of a byte n-gram. */
    public static final int LONGEST = 6;

    /** Changes the hash of an n-gram in the scope of a negation, by exclusive or. */
    static final int NEGATION_MARK = 0x9E3779B9;

    private final int[] buckets; // of the word n-grams, then of the byte n-grams
    private final int[] tokens; // the token at which each n-gram ends
    private final int words; // number of word n-grams

    private Ngrams(int[] buckets, int[] tokens, int words) {
        this.buckets = buckets;
        this.tokens = tokens;
        this.words = words;
    }

    /**
     * Finds the n-grams of a text.
     *
     * @param text the tokens
     * @param size number of buckets; a power of two, or 0 for no n-grams
     * @param negation whether to mark n-grams in the scope of a negation
     */
    public static Ngrams of(List<String> text, int size, boolean negation) {
        if (size == 0 || text.isEmpty()) return new Ngrams(new int[0], new int[0], 0);
        byte[] bytes = String.join(" ", text).getBytes(StandardCharsets.UTF_8);
        int maximum = WORDS * text.size() + (LONGEST - SHORTEST + 1) * bytes.length;
        Ngrams all = new Ngrams(new int[maximum], new int[maximum], wordNgrams(text.size()));
        int[] marks = new int[text.size()];
        if (negation) {
            boolean[] scope = Negation.scope(text);
            for (int token = 0; token < marks.length; token++) marks[token] = scope[token] ? NEGATION_MARK : 0;
        }
        int at = all.addWords(bytes, marks, size);
        at = all.addBytes(bytes, marks, size, at);
        return new Ngrams(Arrays.copyOf(all.buckets, at), Arrays.copyOf(all.tokens, at), all.words);
    }

    /** Number of word n-grams of a text of so many tokens. */
    static int wordNgrams(int tokens) {
        int count = 0;
        for (int words = 1; words <= WORDS; words++) count += Math.max(0, tokens - words + 1);
        return count;
    }

    /** Number of byte n-grams of so many bytes. */
    static int byteNgrams(int length) {
        int count = 0;
        for (int bytes = SHORTEST; bytes <= LONGEST; bytes++) count += Math.max(0, length - bytes + 1);
        return count;
    }

    private int addWords(byte[] bytes, int[] marks, int size) {
        int at = 0;
        int first = 0;
        for (int start = 0; start < bytes.length; start++) {
            if (start > 0 && bytes[start - 1] != ' ') continue;
            int hash = TokenBuffer.HASH_BASIS;
            int last = first;
            for (int i = start; last < first + WORDS && i <= bytes.length; i++) {
                if (i == bytes.length || bytes[i] == ' ') {
                    buckets[at] = bucket(~hash ^ marks[first], size);
                    tokens[at++] = last++;
                }
                if (i < bytes.length) hash = TokenBuffer.hash(hash, bytes[i]);
            }
            first++;
        }
        return at;
    }

    private int addBytes(byte[] bytes, int[] marks, int size, int from) {
        int at = from;
        int first = 0;
        for (int start = 0; start < bytes.length; start++) {
            int mark = marks[bytes[start] == ' ' ? first + 1 : first];
            int hash = TokenBuffer.HASH_BASIS;
            int last = first;
            for (int length = 1; length <= LONGEST && start + length <= bytes.length; length++) {
                byte next = bytes[start + length - 1];
                if (length > 1 && bytes[start + length - 2] == ' ') last++;
                hash = TokenBuffer.hash(hash, next);
                if (length < SHORTEST) continue;
                buckets[at] = bucket(hash ^ mark, size);
                tokens[at++] = last;
            }
            if (bytes[start] == ' ') first++;
        }
        return at;
    }

    /** The bucket of a hash, in [0, size). */
    static int bucket(int hash, int size) {
        int mixed = (hash ^ (hash >>> 16)) * 0x7FEB352D;
        return (mixed ^ (mixed >>> 15)) & (size - 1);
    }

    /** Number of word n-grams, which come first in {@link #buckets}. */
    public int words() {
        return words;
    }

    /** The bucket of each n-gram, repeated ones included. Shared: do not change it. */
    public int[] buckets() {
        return buckets;
    }

    /**
     * The factor of an n-gram's weight: 1 / √n, where n is the number of n-grams of its kind.
     *
     * @param ofWords true for word n-grams, false for byte n-grams
     */
    public double scale(boolean ofWords) {
        return scale(ofWords ? words : buckets.length - words);
    }

    static double scale(int n) {
        return n == 0 ? 0 : 1 / Math.sqrt(n);
    }

    /**
     * The logit of the n-grams.
     *
     * @param weights (size) one per bucket
     */
    public double logit(float[] weights) {
        double ofWords = 0;
        for (int i = 0; i < words; i++) ofWords += weights[buckets[i]];
        double ofBytes = 0;
        for (int i = words; i < buckets.length; i++) ofBytes += weights[buckets[i]];
        return ofWords * scale(true) + ofBytes * scale(false);
    }

    /**
     * Adds the logit of each n-gram to the term of the token at which it ends.
     *
     * @param weights (size, heads)
     * @param head the head whose weights to add
     */
    void addTerms(double[] terms, float[] weights, int heads, int head) {
        for (int i = 0; i < buckets.length; i++)
            terms[tokens[i]] += weights[buckets[i] * heads + head] * scale(i < words);
    }
}
