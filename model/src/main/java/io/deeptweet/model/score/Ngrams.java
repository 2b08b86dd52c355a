// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.model.score;

import io.deeptweet.model.text.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The n-grams of a text, by the buckets that they are hashed into: every {@value #WORDS} words in a row and fewer, and
 * every {@value #SHORTEST} to {@value #LONGEST} bytes in a row of the tokens in UTF-8 with a space between them. They
 * stand beside the network: a linear term, which knows words and spellings that are too rare for the vocabulary.
 *
 * <p>A bucket is FNV-1a's 32 bits of the n-gram's bytes, for words with all bits turned, put through a finalizer (the
 * first half of Wellons' {@code lowbias32}), and of that the last bits.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-eastlake-fnv">The FNV Non-Cryptographic Hash Algorithm</a>
 * @see <a href="https://nullprogram.com/blog/2018/07/31/">Wellons: Prospecting for Hash Functions, 2018</a>
 * @see <a href="https://arxiv.org/abs/0902.2206">Weinberger et al.: Feature Hashing for Large Scale Multitask Learning,
 *     2009</a>
 */
public final class Ngrams {
    /** Most words of an n-gram of words. */
    public static final int WORDS = 3;
    /** Fewest bytes of an n-gram of bytes. */
    public static final int SHORTEST = 2;
    /** Most bytes of an n-gram of bytes. */
    public static final int LONGEST = 6;

    private final int[] buckets; // first those of words, then those of bytes
    private final int[] tokens; // at which each n-gram ends
    private final int words; // how many are of words

    private Ngrams(int[] buckets, int[] tokens, int words) {
        this.buckets = buckets;
        this.tokens = tokens;
        this.words = words;
    }

    /**
     * The n-grams of a text.
     *
     * @param size how many buckets there are; a power of two, or 0 for no n-grams at all
     */
    public static Ngrams of(List<String> text, int size) {
        if (size == 0 || text.isEmpty()) return new Ngrams(new int[0], new int[0], 0);
        byte[] bytes = String.join(" ", text).getBytes(StandardCharsets.UTF_8);
        int most = WORDS * text.size() + (LONGEST - SHORTEST + 1) * bytes.length;
        Ngrams all = new Ngrams(new int[most], new int[most], ofWords(text.size()));
        int at = all.addWords(bytes, size);
        at = all.addBytes(bytes, size, at);
        return new Ngrams(Arrays.copyOf(all.buckets, at), Arrays.copyOf(all.tokens, at), all.words);
    }

    static int ofWords(int tokens) {
        int count = 0;
        for (int words = 1; words <= WORDS; words++) count += Math.max(0, tokens - words + 1);
        return count;
    }

    static int ofBytes(int length) {
        int count = 0;
        for (int bytes = SHORTEST; bytes <= LONGEST; bytes++) count += Math.max(0, length - bytes + 1);
        return count;
    }

    private int addWords(byte[] bytes, int size) {
        int at = 0;
        int first = 0;
        for (int start = 0; start < bytes.length; start++) {
            if (start > 0 && bytes[start - 1] != ' ') continue;
            int hash = Tokens.BASIS;
            int last = first;
            for (int i = start; last < first + WORDS && i <= bytes.length; i++) {
                if (i == bytes.length || bytes[i] == ' ') {
                    buckets[at] = bucket(~hash, size);
                    tokens[at++] = last++;
                }
                if (i < bytes.length) hash = Tokens.hash(hash, bytes[i]);
            }
            first++;
        }
        return at;
    }

    private int addBytes(byte[] bytes, int size, int from) {
        int at = from;
        int first = 0;
        for (int start = 0; start < bytes.length; start++) {
            int hash = Tokens.BASIS;
            int last = first;
            for (int length = 1; length <= LONGEST && start + length <= bytes.length; length++) {
                byte next = bytes[start + length - 1];
                if (length > 1 && bytes[start + length - 2] == ' ') last++;
                hash = Tokens.hash(hash, next);
                if (length < SHORTEST) continue;
                buckets[at] = bucket(hash, size);
                tokens[at++] = last;
            }
            if (bytes[start] == ' ') first++;
        }
        return at;
    }

    static int bucket(int hash, int size) {
        int mixed = (hash ^ hash >>> 16) * 0x7FEB352D;
        return (mixed ^ mixed >>> 15) & size - 1;
    }

    /** How many n-grams of words come first among the buckets. */
    public int words() {
        return words;
    }

    /** A bucket for each n-gram, as often as it stands in the text; not to be changed. */
    public int[] buckets() {
        return buckets;
    }

    /**
     * What each n-gram counts: 1 / √n, n being the number of n-grams of its kind.
     *
     * @param ofWords whether it is one of words
     */
    public double scale(boolean ofWords) {
        return scale(ofWords ? words : buckets.length - words);
    }

    static double scale(int n) {
        return n == 0 ? 0 : 1 / Math.sqrt(n);
    }

    /**
     * The logit of these n-grams.
     *
     * @param weights one per bucket
     */
    public double logit(float[] weights) {
        double ofWords = 0;
        for (int i = 0; i < words; i++) ofWords += weights[buckets[i]];
        double ofBytes = 0;
        for (int i = words; i < buckets.length; i++) ofBytes += weights[buckets[i]];
        return ofWords * scale(true) + ofBytes * scale(false);
    }

    /** Adds to each token's term the logits of the n-grams that end at it. */
    static void addTerms(Tokens text, double[] terms, float[] weights) {
        of(IntStream.range(0, text.count()).mapToObj(text::text).toList(), weights.length)
                .addTerms(terms, weights);
    }

    /** The same of these n-grams. */
    void addTerms(double[] terms, float[] weights) {
        for (int i = 0; i < buckets.length; i++) terms[tokens[i]] += weights[buckets[i]] * scale(i < words);
    }
}
